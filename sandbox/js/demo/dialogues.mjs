// @ts-check
// The dialogues of the demo's calls. `turns` are what the other side says and what the agent says in response;
// `opening` is how the agent begins if no greeting is set on it. `{…}` is filled in from the person who is called
// and from the lists below.

/**
 * @typedef {object} Dialogue
 * @property {number} agent Index in the cast.
 * @property {"in" | "out"} way
 * @property {number} weight Relative frequency.
 * @property {string} [opening]
 * @property {[string, string][]} turns
 * @property {string} summary
 * @property {"positive" | "neutral" | "negative"} mood
 * @property {boolean} done Whether the caller got what they called for.
 */

/** @type {Dialogue[]} */
export const DIALOGUES = [
  {
    agent: 0,
    way: "in",
    weight: 4,
    mood: "positive",
    done: true,
    turns: [
      ["Hi, I'd like to order {cake} for {day}, please.", "Lovely choice. For how many people should it be?"],
      ["About twelve. It's my daughter's birthday.", "Then the ten inch is right. Should I write something on it?"],
      [
        "Happy birthday Mia, with one A at the end. M, I, A.",
        "Happy birthday Mia. Any allergies that I should put on the order?",
      ],
      ["No, nobody has any.", "Good. And when would you like to pick it up?"],
      [
        "Around {time}, if that works.",
        "It does. So {cake}, ten inch, {day} at {time}, under {name}. That is forty-eight dollars.",
      ],
      ["Perfect. Can I pay when I come?", "Of course, card or cash. We'll text you when it is ready."],
      ["Great, thanks a lot.", "Thank you, {name}. See you {day}!"],
    ],
    summary: '{name} ordered {cake} (10 inch, "Happy birthday Mia") for {day} at {time}. To be paid at pickup.',
  },
  {
    agent: 0,
    way: "in",
    weight: 4,
    mood: "positive",
    done: true,
    turns: [
      [
        "Good morning, do you still have {bread} for today?",
        "Good morning! Four left, they came out an hour ago. How many would you like?",
      ],
      ["Two, please, and half a dozen croissants.", "Two {bread} and six croissants. Plain or almond?"],
      ["Half and half.", "Three plain and three almond. Which name may I put on the bag?"],
      ["{name}.", "Thank you, {name}. I'll keep it at the counter until {time}."],
      ["That's great, I'll be there in half an hour.", "See you soon!"],
    ],
    summary: "{name} reserved two {bread}, three plain and three almond croissants, kept until {time} today.",
  },
  {
    agent: 0,
    way: "in",
    weight: 2,
    mood: "neutral",
    done: true,
    turns: [
      ["Hello, I have an order for {day} and need to move the pickup.", "I can do that. Which name is it under?"],
      ["{name}, it's {cake}.", "I see it here, {day} in the morning. When would suit you better?"],
      ["Could it be {time}? My flight is late.", "{time} is no problem, we are open until six. I have changed it."],
      ["You're a lifesaver, thank you.", "Any time. Safe travels!"],
    ],
    summary: "Pickup of {name}'s order ({cake}) moved to {time} on {day}.",
  },
  {
    agent: 0,
    way: "in",
    weight: 2,
    mood: "neutral",
    done: true,
    turns: [
      [
        "Hi, do you have anything without nuts? My son is allergic.",
        "I have to be honest: everything is baked in one kitchen, and we use almonds every day.",
      ],
      ["Hm. So even the plain rolls?", "The plain rolls hold none, but I can't promise that they are free of traces."],
      [
        "Thanks for telling me straight. I'd rather not risk it then.",
        "I understand completely. The gluten-free shop on Fourth bakes without nuts, perhaps they can help.",
      ],
      ["That's kind of you. Bye!", "All the best to your son. Bye!"],
    ],
    summary: "Caller asked for nut-free goods; was told that traces cannot be ruled out and sent to another shop.",
  },
  {
    agent: 0,
    way: "out",
    weight: 3,
    mood: "positive",
    done: true,
    opening:
      "Hi {name}, this is Rosie from Larkspur Bakery. Your {bread} and the rest of your order are ready whenever you are.",
    turns: [
      ["Oh, wonderful, that was quick!", "The oven was on our side today. Will you come by yourself?"],
      ["My husband will, around {time}.", "Then I'll tell the counter. It is all paid already."],
      ["Perfect, thank you!", "Enjoy, and have a good {day}!"],
    ],
    summary: "Told {name} that the order is ready. Pickup by the husband around {time}.",
  },
  {
    agent: 1,
    way: "in",
    weight: 4,
    mood: "positive",
    done: true,
    turns: [
      ["Hi, I'd like to book a cleaning.", "Happy to help. Have you been with us before?"],
      [
        "Yes, last year. The name is {name}.",
        "Welcome back, {name}. I have {day} at {time} or the Thursday after at eight thirty.",
      ],
      ["{day} works.", "Good. Is it still the same insurance as last time?"],
      [
        "It is, yes.",
        "Then you are all set: cleaning on {day} at {time} with Doctor Amari. I'll text you a reminder the day before.",
      ],
      ["Great, thank you.", "See you then. Goodbye!"],
    ],
    summary: "Cleaning booked for {name}, {day} at {time} with Dr. Amari. Same insurance. Wants a reminder by text.",
  },
  {
    agent: 1,
    way: "in",
    weight: 3,
    mood: "neutral",
    done: true,
    turns: [
      [
        "Hello, I have an appointment on {day} and I can't make it.",
        "Thanks for letting us know. What name is it under?",
      ],
      ["{name}.", "I found it. Would you like another time, or should I only cancel it?"],
      [
        "Another time, please. Mornings are best.",
        "I can offer the Wednesday after at nine fifteen, or Friday at eight.",
      ],
      ["Friday at eight.", "Done. Friday at eight it is, and the old one is off your calendar."],
      ["Thanks, bye.", "Goodbye, {name}."],
    ],
    summary: "{name} moved the appointment from {day} to Friday at 8:00.",
  },
  {
    agent: 1,
    way: "in",
    weight: 2,
    mood: "negative",
    done: true,
    turns: [
      [
        "Hi, I have a terrible toothache, since last night. Is there anything today?",
        "I'm sorry to hear that. Let me look at the emergency slots. Is there any swelling or fever?",
      ],
      ["A bit of swelling on the left, no fever.", "We keep a slot at {time} today. Can you be here by then?"],
      ["Yes, I'll leave work.", "Good. Please bring your insurance card. Which name may I write down?"],
      [
        "{name}.",
        "{name}, today at {time}. If you get a fever or trouble swallowing before that, please go to urgent care at once.",
      ],
      ["Okay. Thank you so much.", "We'll take good care of you. See you soon."],
    ],
    summary: "Emergency: {name} has had a toothache with swelling since last night. Booked for today at {time}.",
  },
  {
    agent: 1,
    way: "out",
    weight: 5,
    mood: "positive",
    done: true,
    opening:
      "Hello, this is June from Harbor Dental. I'm calling to confirm {name}'s appointment on {day} at {time}. Does it still suit you?",
    turns: [
      ["Yes, that's still fine.", "Wonderful. Please come ten minutes early, there is a new form to sign."],
      ["Can I fill it in at home?", "You can. I'll text you the link when we hang up."],
      ["Great, thanks.", "Thank you, see you {day}. Goodbye!"],
    ],
    summary: "{name} confirmed {day} at {time} and wants the new form as a link by text.",
  },
  {
    agent: 1,
    way: "out",
    weight: 3,
    mood: "neutral",
    done: false,
    opening:
      "Hello, this is June from Harbor Dental. It has been a while since {name}'s last checkup. Would you like to find a time?",
    turns: [
      ["Oh. I'm driving right now, could you call back?", "Of course. Is tomorrow at {time} better?"],
      ["Sure, tomorrow is fine.", "I'll try again then. Drive safely!"],
    ],
    summary: "{name} was driving. To be called back tomorrow at {time} about a checkup.",
  },
  {
    agent: 2,
    way: "in",
    weight: 5,
    mood: "neutral",
    done: true,
    opening: "Parcel desk, hello. Do you have a tracking number for me?",
    turns: [
      ["Yes, it's {order}.", "Thank you. It left our hub this morning and is on a van in your area."],
      ["Do you know when it gets here?", "The driver has eleven stops before yours. I'd expect it around {time}."],
      ["I have to leave at five. Can it go to a neighbor?", "It can. Which house may the driver try?"],
      ["Number fourteen, the blue door.", "I've put number fourteen, blue door, on the driver's list."],
      ["Perfect, thanks for the help.", "You're welcome. Have a good one!"],
    ],
    summary: "{order} is on the van, expected around {time}. May be left at number 14 (blue door).",
  },
  {
    agent: 2,
    way: "in",
    weight: 3,
    mood: "neutral",
    done: true,
    opening: "Parcel desk, hello. What can I look up for you?",
    turns: [
      [
        "I moved last week, and a parcel is still going to my old place.",
        "I can redirect it if it has not been loaded yet. Which number is on it?",
      ],
      ["{order}.", "You are lucky, it is still in the depot. What is the new address?"],
      ["{street}, same city.", "{street}. Arrives {day} then, at no cost."],
      ["That's a relief. Thank you.", "Enjoy the new home!"],
    ],
    summary: "{order} redirected to {street}; arrives {day}.",
  },
  {
    agent: 2,
    way: "in",
    weight: 2,
    mood: "negative",
    done: false,
    opening: "Parcel desk, hello. How can I help?",
    turns: [
      [
        "My parcel came today and the box was soaked. Everything inside is ruined.",
        "I'm very sorry. That should not happen. May I have the number on the label?",
      ],
      [
        "{order}. This is the second time, honestly.",
        "I understand that you are upset. I have opened a claim, and I see the first one too.",
      ],
      [
        "So when do I get my money back?",
        "A colleague has to decide on it, within two working days. I can't do that myself.",
      ],
      [
        "Two days, seriously? Fine. I expect a call.",
        "You will get one before {time} on {day}. It is noted with your number.",
      ],
    ],
    summary: "Second damaged parcel ({order}). Claim opened; {name} expects a call back by {day}, {time}.",
  },
  {
    agent: 2,
    way: "out",
    weight: 2,
    mood: "neutral",
    done: true,
    opening: "Hello, this is the parcel desk about {order}. Our driver is outside and can't find your door.",
    turns: [
      ["Oh, it's around the back, past the garage.", "Past the garage, thank you. Should he ring or knock?"],
      ["Knock, please, the baby is asleep.", "He'll knock softly. Give him two minutes."],
      ["Thank you!", "You're welcome."],
    ],
    summary: "The driver with {order} could not find the door: around the back, past the garage. Delivered.",
  },
  {
    agent: 3,
    way: "in",
    weight: 4,
    mood: "neutral",
    done: true,
    opening: "Support, first line. What seems to be the trouble?",
    turns: [
      [
        "My internet has been down since this morning.",
        "Let's get you back online. Which lights are on at the {device}?",
      ],
      [
        "Power is green, the one with the globe is red.",
        "That means it has no line. Please pull the plug, wait ten seconds, and put it back in.",
      ],
      [
        "Okay. It's starting. This takes forever.",
        "About two minutes. I can see it come up from here, it has fetched an update.",
      ],
      ["Now the globe is white!", "That is what we want. Does a page load?"],
      ["Yes, it works. Thank you!", "Great. I'll keep an eye on your line until tonight."],
    ],
    summary: "No connection; {device} restarted, took an update, works again. Line is watched until tonight.",
  },
  {
    agent: 3,
    way: "in",
    weight: 3,
    mood: "positive",
    done: true,
    opening: "Support, first line. How can I help?",
    turns: [
      [
        "I'm locked out of my account.",
        "I can help with that. I'll send a code to the phone that you are calling from. Is that all right?",
      ],
      ["Yes, go ahead.", "Sent. Please read it to me when it is there."],
      [
        "Four, seven, one, nine.",
        "Thank you, {name}. I've sent you a link for a new password. It is good for an hour.",
      ],
      ["Got it. And I'm in! That was easy.", "Good to hear. Anything else?"],
      ["No, that's it.", "Then have a good {day}!"],
    ],
    summary: "{name} was locked out. Identified by a code, sent a link for a new password, is in again.",
  },
  {
    agent: 3,
    way: "in",
    weight: 2,
    mood: "negative",
    done: false,
    opening: "Support, first line. What can I do for you?",
    turns: [
      [
        "The {device} drops the connection every evening, around eight.",
        "Thanks for the detail. Is it only over wifi, or with a cable too?",
      ],
      [
        "Both. I've reset it three times already.",
        "Then resetting it again would waste your time. I see errors on the line at exactly those hours.",
      ],
      ["So what now?", "A technician has to look at the line outside. The first slot is {day} at {time}."],
      [
        "That's days away. I work from home!",
        "I know, and I'm sorry. I've asked for an earlier one and will call you as soon as there is any.",
      ],
      ["Please do. This is really annoying.", "I will. Thank you for your patience, {name}."],
    ],
    summary:
      "Line errors every evening at {name}'s. Technician {day} at {time}; wants an earlier slot and a call back.",
  },
  {
    agent: 3,
    way: "out",
    weight: 4,
    mood: "positive",
    done: true,
    opening:
      "Hi {name}, this is support, calling you back about your {device}. The fault on the line was found and repaired this morning.",
    turns: [
      ["Really? I was about to give up on you.", "I'm glad that you did not. Has it been stable since ten?"],
      ["Now that you say it, yes.", "Good. I've put two weeks back on your account for the trouble."],
      ["I appreciate that. Thanks for calling.", "Thank you, {name}. Goodbye!"],
    ],
    summary: "Called {name} back: fault on the line repaired, stable since ten, two weeks credited.",
  },
  {
    agent: 3,
    way: "in",
    weight: 1,
    mood: "neutral",
    done: false,
    opening: "Support, first line. What seems to be the trouble?",
    turns: [["Oh, sorry, wrong number.", "No problem at all. Goodbye!"]],
    summary: "Wrong number.",
  },
];

/** Values for `{…}`, besides the name. */
export const WORDS = {
  cake: ["the lemon tart", "a chocolate cake", "the carrot cake", "a strawberry cake", "the plum cake"],
  bread: ["rye loaves", "sourdoughs", "seed loaves", "olive breads"],
  day: ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  time: ["nine thirty", "ten", "a quarter past eleven", "two", "half past three", "four"],
  order: ["QS 40 771", "QS 38 205", "QS 41 093", "QS 39 648", "QS 40 118"],
  street: ["27 Willow Lane", "5 Foundry Row", "118 Prospect Avenue", "9 Mill Court"],
  device: ["router", "modem", "gateway"],
};
