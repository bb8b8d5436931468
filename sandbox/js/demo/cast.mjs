// @ts-check
// The cast of the demo: four agents with their lines, and the people who call them. All phone numbers are from the
// range reserved for fiction, all addresses from a reserved domain.

/** Where events go. Nothing is sent there, see `receiver.mjs`. */
export const PROJECT_HOOK = "https://hooks.larkspur.example/agentphone";
const PARCEL_HOOK = "https://api.quickship.example/voice";

/** @typedef {{ type: "sms" | "imessage", areaCode: string, country?: "CA" }} Line */
/** @typedef {{ fields: Record<string, unknown>, hook?: string, lines: Line[] }} Role */

/** @type {Role[]} */
export const AGENTS = [
  {
    fields: {
      name: "Rosie, bakery orders",
      description: "Takes orders and questions for Larkspur Bakery",
      voiceMode: "hosted",
      modelTier: "balanced",
      systemPrompt:
        "You are Rosie, who answers the phone at Larkspur Bakery on Alder Street. Take orders for pickup: what, how many, which day, under which name. Read the order back. We open at seven, close at six, and are shut on Mondays. Everything is baked in a kitchen that uses nuts. Be warm and brief.",
      beginMessage: "Larkspur Bakery, this is Rosie. What can I get started for you?",
      voice: "custom_voice_ea22ba5fdfaa18f39c274851c1",
      ambientSound: "coffee-shop",
    },
    lines: [
      { type: "sms", areaCode: "415" },
      { type: "imessage", areaCode: "415" },
    ],
  },
  {
    fields: {
      name: "June, dental front desk",
      description: "Books, moves and confirms appointments",
      voiceMode: "hosted",
      modelTier: "max",
      systemPrompt:
        "You are June at the front desk of Harbor Dental. Book, move and confirm appointments. Ask for the name and the reason, offer two times, and repeat the one that is taken. Never give medical advice: for pain offer the next emergency slot. Calls that you make begin with who you are and why you call.",
      beginMessage: "Harbor Dental, this is June at the front desk. How can I help?",
      voice: "cartesia-Willa",
      transferNumber: "+12065550142",
      ambientSound: "office",
    },
    lines: [{ type: "imessage", areaCode: "206" }],
  },
  {
    fields: {
      name: "Parcel desk",
      description: "Where is my parcel, answered from the shipping system",
      voiceMode: "webhook",
      voice: "11labs-Adrian",
      sttMode: "accurate",
    },
    hook: PARCEL_HOOK,
    lines: [
      { type: "sms", areaCode: "416", country: "CA" },
      { type: "sms", areaCode: "312" },
    ],
  },
  {
    fields: {
      name: "Tech support, first line",
      description: "Routers, passwords, and calls back when a case is solved",
      voiceMode: "webhook",
      voice: "minimax-Daniel",
      voiceSpeed: 1.1,
      interruptionSensitivity: 0.6,
    },
    lines: [{ type: "sms", areaCode: "512" }],
  },
];

const NAMES = [
  "Ana Ferreira",
  "Ben Whitlock",
  "Carla Jimenez",
  "Dev Patel",
  "Ellen Brandt",
  "Farid Nasser",
  "Grace Okafor",
  "Henry Kowalski",
  "Ines Moreau",
  "Jack Sullivan",
  "Kaya Demir",
  "Liam Tran",
  "Maya Goldberg",
  "Noah Lindqvist",
  "Olivia Hart",
  "Pedro Alvarez",
  "Quinn Mercer",
  "Rachel Stone",
  "Samir Haddad",
  "Tess Hollander",
  "Umar Siddiqui",
  "Vera Novak",
  "Will Chambers",
  "Xenia Petrova",
  "Yusuf Kaplan",
  "Zoe Winters",
  "Amara Diallo",
  "Bruno Costa",
  "Celia Fontaine",
  "Dmitri Volkov",
  "Erin Gallagher",
  "Felix Baumann",
  "Gita Raman",
  "Hugo Lefevre",
  "Isla Macrae",
  "Jonas Weber",
  "Kim Nguyen",
  "Lucia Romano",
  "Marcus Bell",
  "Nadia Rahimi",
];
const NOTES = [
  "Prefers texts",
  "Nut allergy",
  "Calls before noon",
  "Gate code on file",
  "Speaks Spanish",
  "Regular since spring",
];
const AREAS = ["415", "206", "512", "312", "212", "503", "617", "720", "416", "604", "305", "919"];
const STRANGERS = 20;

/** @typedef {{ name: string, phone: string, known: boolean, email?: string, notes?: string }} Person */

/** The people in the address book, then strangers. @returns {Person[]} */
export const people = () =>
  Array.from({ length: NAMES.length + STRANGERS }, (_, i) => {
    const known = i < NAMES.length;
    const name = NAMES[i % NAMES.length] ?? "";
    const person = {
      name,
      phone: `+1${AREAS[i % AREAS.length]}55501${String((i * 7 + 1) % 50).padStart(2, "0")}`,
      known,
    };
    if (!known) return person;
    const email = i % 3 === 0 ? {} : { email: `${name.toLowerCase().replace(" ", ".")}@mail.example` };
    return { ...person, ...email, ...(i % 4 === 1 ? { notes: NOTES[(i >> 2) % NOTES.length] ?? "" } : {}) };
  });

export const SUB_ACCOUNTS = [
  { name: "Larkspur Catering", agent: "Catering inquiries" },
  { name: "Harbor Dental North", agent: "North office front desk" },
];

/** A registration under review. */
export const REGISTRATION = {
  registration_type: "standard_brand",
  business_name: "Larkspur Bakery LLC",
  organization_type: "llc",
  contact_title: "ceo",
  ein: "00-0000000",
  first_name: "Rose",
  last_name: "Larkin",
  email: "rose@larkspur.example",
  phone_number: "+14155550147",
  website_url: "https://larkspur.example",
  street_address: "12 Alder Street",
  city: "San Francisco",
  state: "CA",
  zip_code: "94110",
  description: "Order confirmations and pickup reminders for customers of the bakery.",
  use_cases: ["customer_care", "account_notification"],
  message_samples: [
    "Your order for Saturday is confirmed. Pickup from 9.",
    "Your cake is ready. We are open until 6 today.",
  ],
  consent_flow: "Customers agree on the phone or tick a box on the order form when they place an order.",
  privacy_policy_url: "https://larkspur.example/privacy",
  terms_of_service_url: "https://larkspur.example/terms",
  opt_in_image_url: "https://larkspur.example/form.png",
  create_sub_account: false,
};
