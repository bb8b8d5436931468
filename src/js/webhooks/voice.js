// @ts-check
// `voice`: responses to a caller's turn, at once or line by line (NDJSON) while a model is still writing.
// JavaScript, because it consists of iterators and streams of the host.

import { guarded, refuse } from "../errors/refuse.js";
import { attempt, awaitable, quietly } from "../lib/fields.js";
import { wordsIn } from "../lib/model-stream.js";
import { rooted } from "../lib/wakeup.js";

/** Ends a turn without another word. */
const END = { text: "" };
const NDJSON = "application/x-ndjson";

/** @param {unknown} error */
const report = (error) => console.error("agentphone: the source of a voice response failed", error);

/** @param {any} value */
const isIterable = (value) => Boolean(value?.[Symbol.asyncIterator] ?? value?.[Symbol.iterator]);

/** @param {string} subject @param {any} text */
const words = (subject, text) => (typeof text === "string" ? text : refuse(subject, "text must be a string", text));
/** @param {string} subject @param {any} text */
const perhaps = (subject, text) => (text === undefined ? {} : { text: words(subject, text) });

/** The texts that the API acts on. */
const FIELDS = ["text", "action", "digits", "press_digit", "dtmf"];

/** A response; a string is spoken, and so is the text of a model. @param {string} subject @param {any} value */
const answer = (subject, value) => {
  const text = typeof value === "string" ? value : wordsIn(value);
  if (text !== undefined) return { text };
  // The API treats anything but an object as silence.
  if (Object(value) !== value || typeof value === "function" || isIterable(value))
    refuse(subject, "a response must be a string or an object", value);
  const given = FIELDS.filter((field) => (value[field] ?? undefined) !== undefined);
  for (const field of given)
    if (typeof value[field] !== "string") refuse(subject, `${field} must be a string`, value[field]);
  if (given.length === 0 && typeof value.hangup !== "boolean")
    refuse(subject, "a response must have text, hangup, action or digits: anything else is heard as silence");
  return value;
};

/** As JSON, without halves of characters, on which some parsers fail. @param {any} value */
const written = (value) =>
  JSON.stringify(value, (_, member) =>
    typeof member === "string" ? member.replace(/\p{Surrogate}/gu, "\ufffd") : member,
  );

/** Whether nothing can follow a response. @param {any} value */
const closes = (value) => value.hangup === true || value.action !== undefined;

/** @param {any} value @param {boolean} more */
const line = (value, more) => {
  const { interim: _, ...rest } = value;
  return `${written(more ? { ...rest, interim: true } : rest)}\n`;
};

/**
 * The lines of a turn. Interim responses, which texts are, are sent at once; any other waits for the
 * next one, because only then is it known not to be the last. The last line ends the turn, whatever happens:
 * without it the caller would hear silence until the time is up.
 * @param {any} source @param {any} [options]
 */
const lines = (source, options) => {
  const { onError = report, fallback = undefined } = options ?? {};
  const farewell = fallback === undefined ? undefined : answer("voice.lines", fallback);
  // Fails now if it cannot be serialized: it will be needed later.
  if (farewell) line(farewell, false);
  // A replacement by the page may throw.
  const aborter = attempt(() => new AbortController());
  const awaited = awaitable(source);
  /** @type {any} */ let iterator;
  /** @type {any} */ let held;
  /** The first half of a character that was cut in two. */
  let half = "";
  let over = false;

  const stop = () => {
    over = true;
    quietly(() => aborter?.abort());
    // Not awaited: a generator that waits for its next word settles only then.
    quietly(() => iterator?.return?.());
  };

  const open = async () => {
    const given = await (typeof source === "function" ? source(aborter?.signal) : awaited);
    const list = isIterable(given?.textStream)
      ? given.textStream
      : typeof given === "string" || !isIterable(given)
        ? [answer("voice.lines", given)]
        : given;
    return list[Symbol.asyncIterator]?.() ?? list[Symbol.iterator]();
  };

  /** A text up to its last whole character; the rest waits for the next text. @param {string} text */
  const whole = (text) => {
    const all = half + text;
    half = /[\ud800-\udbff]$/.test(all) ? all.slice(-1) : "";
    return all.slice(0, all.length - half.length);
  };

  /** What is written for a value: nothing yet, a line, or two. @param {any} value */
  const take = (value) => {
    const text = typeof value === "string" ? value : wordsIn(value);
    const words = text === undefined ? undefined : whole(text);
    if (words === "") return "";
    const next = words === undefined ? answer("voice.lines", value) : { text: words, interim: true };
    const before = held;
    held = undefined;
    const earlier = before === undefined ? "" : line(before, true);
    if (next.interim !== true && !closes(next)) {
      held = next;
      return earlier;
    }
    const both = earlier + line(next, !closes(next));
    if (closes(next)) stop();
    return both;
  };

  /** The line that ends the turn, after the one that has waited. @param {any} end */
  const last = (end) => {
    const before = end === held ? undefined : held;
    held = undefined;
    const text = (before === undefined ? "" : line(before, true)) + line(end, false);
    over = true;
    return text;
  };

  // A server reads a response when its handler has returned: what the source does would belong to no request.
  const next = rooted(async () => {
    if (over) return { done: true, value: undefined };
    let value = "";
    try {
      iterator ??= await open();
      while (value === "" && !over) {
        const step = await iterator.next();
        if (over) return { done: true, value: undefined };
        value = step.done ? last(held ?? END) : take(await step.value);
      }
    } catch (error) {
      if (over) return { done: true, value: undefined };
      stop();
      // The caller on the phone comes first: the turn is ended whatever happens.
      quietly(() => onError(error));
      value = last(farewell ?? held ?? END);
    }
    return { done: false, value };
  });

  return {
    next,
    return: async () => (stop(), { done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/** @param {any} source @param {any} [options] */
const stream = (source, options) => {
  const writer = lines(source, options);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await writer.next();
        if (done) controller.close();
        else controller.enqueue(new TextEncoder().encode(value));
      },
      cancel: async () => void (await writer.return()),
    },
    // The source is not read before the stream is.
    { highWaterMark: 0 },
  );
};

/** @param {any} source @param {any} [options] */
const response = (source, options) => {
  const streamed =
    typeof source === "function" ||
    (typeof source !== "string" &&
      (isIterable(source) || isIterable(source?.textStream) || typeof source?.then === "function"));
  const body = streamed ? stream(source, options) : written(answer("voice.response", source));
  return new Response(body, { headers: { "content-type": streamed ? NDJSON : "application/json" } });
};

export const voice = {
  ...guarded("voice", {
    say: (/** @type {any} */ text) => ({ text: words("voice.say", text) }),
    interim: (/** @type {any} */ text) => ({ text: words("voice.interim", text), interim: true }),
    hangup: (/** @type {any} */ text) => ({ ...perhaps("voice.hangup", text), hangup: true }),
    transfer: (/** @type {any} */ text) => ({ ...perhaps("voice.transfer", text), action: "transfer" }),
    digits: (/** @type {any} */ digits) => {
      if (typeof digits !== "string" || !/^[\d*#A-D,w]+$/i.test(digits))
        refuse("voice.digits", "digits must be a string of 0 to 9, * and #", digits);
      return { digits };
    },
    lines,
    stream,
    response,
  }),
  contentType: NDJSON,
};
