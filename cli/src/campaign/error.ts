// What campaigns throw for mistakes of their caller.

/** Invalid options or people: nothing was sent, and nothing was stored. */
export class CampaignError extends Error {
  readonly code:
    | "INVALID_CAMPAIGN"
    | "INVALID_PEOPLE"
    | "CAMPAIGN_EXISTS"
    | "NO_CAMPAIGN"
    | "WRONG_STATE"
    | "WRONG_ACCOUNT";

  constructor(code: CampaignError["code"], message: string) {
    super(message);
    this.name = "CampaignError";
    this.code = code;
  }
}
