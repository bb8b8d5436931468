// @ts-check
// The texts of the demo: threads of inbound and outbound texts. `tap` is a reaction to the text, `media` a picture
// with it, `lost` marks one that the carrier does not deliver. `{…}` is filled in as in the calls.

/** @typedef {{ in?: string, out?: string, media?: string, tap?: string, lost?: true }} Text */
/** @typedef {{ agent: number, line: number, weight: number, texts: Text[] }} Thread `line`: which of the agent's. */

/** @type {Thread[]} */
export const THREADS = [
  {
    agent: 0,
    line: 0,
    weight: 3,
    texts: [
      { out: "Larkspur Bakery: your order for {day} is confirmed. Pickup from {time}." },
      { in: "Thanks! Is there parking?" },
      { out: "There is, behind the shop on Alder Street. The first half hour is free." },
      { in: "Great, see you then" },
    ],
  },
  {
    agent: 0,
    line: 1,
    weight: 4,
    texts: [
      { in: "Hi! Could you make {cake} look like this?", media: "https://photos.larkspur.example/inspiration-{n}.jpg" },
      { out: "Oh, that is a pretty one! We can. Ten inch, {day}?", tap: "love" },
      { in: "Yes please, under {name}" },
      {
        out: "Done. Here is one that we made last week, in these colors.",
        media: "https://photos.larkspur.example/cake-{n}.jpg",
        tap: "love",
      },
      { in: "Gorgeous!!", tap: "like" },
    ],
  },
  {
    agent: 0,
    line: 1,
    weight: 2,
    texts: [
      { in: "are you open on monday" },
      { out: "We are closed on Mondays, and back on Tuesday at seven with warm {bread}." },
      { in: "ok then tuesday :)", tap: "like" },
    ],
  },
  {
    agent: 0,
    line: 0,
    weight: 1,
    texts: [{ out: "Larkspur Bakery: your {bread} are ready. We are open until six.", lost: true }],
  },
  {
    agent: 1,
    line: 0,
    weight: 4,
    texts: [
      {
        out: "Harbor Dental: a reminder of your appointment on {day} at {time}. Reply C to confirm, or tell us a better time.",
      },
      { in: "C", tap: "like" },
      { out: "Thank you, {name}. Please come ten minutes early." },
    ],
  },
  {
    agent: 1,
    line: 0,
    weight: 3,
    texts: [
      { out: "Harbor Dental: here is the form that we spoke about. https://forms.harbor.example/new-patient" },
      { in: "Done. Do I need to bring the x-rays from my old dentist?" },
      { out: "If you have them, gladly. We can ask for them too, just send us the name of the practice." },
      { in: "Dr. Lowell in Tacoma" },
      { out: "Perfect, we'll ask Dr. Lowell.", tap: "like" },
    ],
  },
  {
    agent: 1,
    line: 0,
    weight: 1,
    texts: [
      { in: "Hi, running 15 min late, sorry!" },
      { out: "Thanks for telling us. We'll take somebody else first, drive safely." },
      { in: "you're the best", tap: "love" },
    ],
  },
  {
    agent: 2,
    line: 0,
    weight: 4,
    texts: [
      { out: "Parcel {order} arrives today around {time}. Reply 1 to leave it with a neighbor, 2 for another day." },
      { in: "1" },
      { out: "Which house number may the driver try?" },
      { in: "14 please, blue door" },
      { out: "Noted. You'll get a picture when it is delivered." },
      { out: "Delivered to number 14.", media: "https://proof.quickship.example/{n}.jpg" },
      { in: "Got it, thanks" },
    ],
  },
  {
    agent: 2,
    line: 1,
    weight: 2,
    texts: [
      { in: "This is how {order} arrived. Not happy.", media: "https://photos.mail.example/box-{n}.jpg" },
      { out: "We are sorry. A claim is open, and a colleague will call you before {day}." },
      { in: "ok" },
    ],
  },
  {
    agent: 2,
    line: 1,
    weight: 1,
    texts: [
      { out: "We tried to deliver {order} and nobody was in. Next try: {day}.", lost: true },
      { out: "We tried to deliver {order} and nobody was in. Next try: {day}." },
    ],
  },
  {
    agent: 3,
    line: 0,
    weight: 3,
    texts: [
      { in: "my {device} blinks orange, what does that mean" },
      { out: "Orange means an update. Please leave it plugged in for ten minutes." },
      { in: "still orange" },
      { out: "Then please call us, or reply with the serial number on its back." },
      { in: "SN 7731 0045" },
      { out: "Thank you. I've started it again from here. Is it white now?" },
      { in: "yes!! thx" },
    ],
  },
  {
    agent: 3,
    line: 0,
    weight: 2,
    texts: [
      { out: "Your technician comes on {day} at {time}. Reply N if that does not work." },
      { in: "works for me" },
    ],
  },
];

/** Live inbound texts, and the agent's responses. @type {{ agent: number, line: number, in: string, out: string }[]} */
export const LIVE_TEXTS = [
  { agent: 0, line: 0, in: "Do you have {bread} left today?", out: "Three left! I'll keep one for you until {time}." },
  {
    agent: 0,
    line: 1,
    in: "How much is {cake} for ten people?",
    out: "That is forty-two dollars, {name}. Which day do you need it?",
  },
  { agent: 1, line: 0, in: "Can I come an hour later on {day}?", out: "You can: {day} at {time}. I've changed it." },
  {
    agent: 1,
    line: 0,
    in: "Do you take new patients?",
    out: "We do. Would {day} at {time} suit you for a first visit?",
  },
  { agent: 2, line: 0, in: "where is {order}?", out: "On the van. The driver should be with you around {time}." },
  { agent: 2, line: 1, in: "Please leave {order} at the back door", out: "Noted, the back door it is." },
  {
    agent: 3,
    line: 0,
    in: "internet is slow again",
    out: "I see it too. I'm testing your line and will text you in a few minutes.",
  },
  { agent: 3, line: 0, in: "it works again, thank you!", out: "Great to hear. I'll close the case, {name}." },
];
