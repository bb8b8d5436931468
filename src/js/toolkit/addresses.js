// @ts-check
// Which hosts may be asked for what a stranger named: public ones. The ranges are those of IANA's registries of special
// addresses; of IPv6 only global unicast is allowed, and what carries an IPv4 address is judged by that one.

/** Networks that are not public, with the length of their prefix. */
const PRIVATE = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Names that only a network of one's own knows; a name without a dot is one, too. */
const LOCAL =
  /^[^.]*$|\.(localhost|local|localdomain|internal|intranet|private|corp|home|lan|arpa|onion|test|invalid)$/;

/** An IPv4 address as a number; undefined for what is none. @param {string} text */
const ipv4 = (text) => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

/** @param {number} address */
const isPublic4 = (address) =>
  !PRIVATE.some(([network, length]) => {
    const size = 2 ** (32 - Number(length));
    return Math.floor(address / size) === Math.floor(/** @type {number} */ (ipv4(String(network))) / size);
  });

/** The eight groups of an IPv6 address; undefined for what is none. @param {string} text */
const ipv6 = (text) => {
  const last = text.slice(text.lastIndexOf(":") + 1);
  const embedded = ipv4(last);
  const plain =
    embedded === undefined
      ? text
      : text.slice(0, -last.length) +
        [embedded / 65536, embedded % 65536].map((part) => Math.floor(part).toString(16)).join(":");
  const [head = "", tail, ...more] = plain.split("::");
  const groups = (/** @type {string} */ part) => (part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const missing = 8 - before.length - after.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...before, ...Array(missing).fill("0"), ...after];
  return all.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
};

/** @param {number[]} groups */
const isPublic6 = (groups) => {
  const [a = 0, b = 0, c = 0, , , f = 0, g = 0, h = 0] = groups;
  const carried = (/** @type {number} */ high, /** @type {number} */ low) => isPublic4(high * 65536 + low);
  // Mapped to IPv6, or behind the translator that networks without IPv4 have.
  if (groups.slice(0, 5).every((group) => group === 0) && f === 0xffff) return carried(g, h);
  if (a === 0x64 && b === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) return carried(g, h);
  if (a === 0x2002) return carried(b, c);
  // Global unicast without the networks of protocols and of examples.
  return a >= 0x2000 && a <= 0x3ffe && !(a === 0x2001 && (b < 0x200 || b === 0xdb8));
};

/** Whether an address of the internet protocol is a public one. @param {string} text */
export const isPublicAddress = (text) => {
  const four = ipv4(text);
  if (four !== undefined) return isPublic4(four);
  const six = ipv6(text);
  return six !== undefined && isPublic6(six);
};

/** Whether a host, as `URL` has it, may be asked; a name may still lead to an address that may not. @param {string} host */
export const isPublicHost = (host) => {
  const name = host.replace(/\.$/, "");
  if (name.startsWith("[")) return isPublicAddress(name.slice(1, -1));
  return ipv4(name) === undefined ? !LOCAL.test(name) : isPublicAddress(name);
};

/** Whether it is an address and no name. @param {string} host */
export const isAddress = (host) => host.startsWith("[") || ipv4(host) !== undefined;
