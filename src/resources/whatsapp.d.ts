// WhatsApp: business accounts, their numbers and their message templates.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** A WhatsApp Business account. Snake case on the wire. */
export interface WhatsAppConnectRequest {
  /** What Meta's embedded sign-up returned. */
  code: string;
  /** Id of the WhatsApp Business account. */
  waba_id?: string | undefined;
  /** Id of the number at Meta. */
  phone_number_id?: string | undefined;
  /** Id of the business at Meta. */
  business_id?: string | undefined;
  /** Agent that answers. */
  agent_id?: string | undefined;
}

/** A number of the connection. */
export interface WhatsAppConnectNumberRequest {
  /** Id of the number at Meta. */
  phone_number_id: string;
  /** Agent that answers. */
  agent_id?: string | undefined;
}

/** A new message template. */
export interface WhatsAppTemplateRequest {
  /** The name that Meta and you refer to it by. */
  name: string;
  /** Language of the template. Default: `en_US`. */
  language?: string | undefined;
  /** Meta's category, e.g. `UTILITY`. */
  category: string;
  /** Form of the placeholders. */
  parameter_format?: string | undefined;
  /** Parts of the template, in Meta's form. */
  components?: Array<Record<string, unknown>> | undefined;
  /** Name in Meta's template library. */
  library_template_name?: string | undefined;
  /** What the buttons of a library template do. */
  library_template_button_inputs?: Array<Record<string, unknown>> | undefined;
  /** What fills the body of a library template. */
  library_template_body_inputs?: Record<string, unknown> | undefined;
}

/** Which templates. */
export interface WhatsAppTemplatesQuery {
  /** Only this name. */
  name?: string | undefined;
  /** Only those in this state. */
  status?: string | undefined;
  /** Only those of this category. */
  category?: string | undefined;
  /** Only those in this language. */
  language?: string | undefined;
}

/** Which template to delete. */
export interface DeleteWhatsAppTemplateQuery {
  /** Its name; all its languages go. */
  name: string;
  /** Meta's id of one language, to delete that one only. */
  hsm_id?: string | undefined;
}

/** WhatsApp. */
export interface WhatsAppResource {
  /** Numbers of a connection. */
  readonly numbers: WhatsAppNumbersResource;

  /** Message templates of a connection. */
  readonly templates: WhatsAppTemplatesResource;

  /**
   * Connects a WhatsApp Business account with the code from Meta's embedded sign-up. The fields of the response are
   * not documented.
   *
   * Effect class: effect (the code works once). Errors: `PermissionDeniedError` (WhatsApp is not
   * enabled), `ValidationError`, and those of every request.
   */
  connect(body: WhatsAppConnectRequest, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Returns the state of the integration. The fields of the response are not documented.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const status = await client.whatsapp.status();
   * console.log(JSON.stringify(status));
   * ```
   */
  status(options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Disconnects an account. The fields of the response are not documented.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  disconnect(connectionId: string, options?: RequestOptions): ApiPromise<unknown>;
}

/** Numbers of a WhatsApp connection. */
export interface WhatsAppNumbersResource {
  /**
   * Lists the numbers of a connection. The fields of the response are not documented.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const connection = (await client.whatsapp.connect({ code: "from Meta's sign-up" })) as { id: string };
   * console.log(JSON.stringify(await client.whatsapp.numbers.available(connection.id)));
   * ```
   */
  available(connectionId: string, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Connects a number. The fields of the response are not documented.
   *
   * Effect class: idempotent. Free. Errors: `PermissionDeniedError` (WhatsApp is not enabled),
   * `NotFoundError`, `ValidationError`, and those of every request.
   */
  connect(connectionId: string, body: WhatsAppConnectNumberRequest, options?: RequestOptions): ApiPromise<unknown>;
}

/** Message templates of a WhatsApp connection. */
export interface WhatsAppTemplatesResource {
  /**
   * Lists the templates of a connection. The fields of the response are not documented.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  list(connectionId: string, query?: WhatsAppTemplatesQuery, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Creates a template, which Meta then reviews. The fields of the response are not documented.
   *
   * Effect class: effect (a repeat submits it twice). Free. Errors: `ValidationError`, `NotFoundError`,
   * and those of every request.
   *
   * ```ts
   * const { id: account } = (await client.whatsapp.connect({ code: "from Meta's sign-up" })) as { id: string };
   * await client.whatsapp.templates.create(account, { name: "reminder", category: "UTILITY" });
   * ```
   */
  create(connectionId: string, body: WhatsAppTemplateRequest, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Deletes a template by name. The fields of the response are not documented.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(connectionId: string, query: DeleteWhatsAppTemplateQuery, options?: RequestOptions): ApiPromise<unknown>;
}
