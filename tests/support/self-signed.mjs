// Makes a self-signed certificate, written out byte by byte in DER because Node can sign but not
// issue. Made anew at each run, so that no private key lies in the repository.
import { generateKeyPairSync, sign } from "node:crypto";

const der = (/** @type {number} */ tag, /** @type {(string | Buffer)[]} */ ...parts) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (/** @type {Buffer[]} */ ...parts) => der(0x30, ...parts);
const hex = (/** @type {string} */ text) => Buffer.from(text, "hex");

/** `{ key, cert }` in PEM, for 127.0.0.1, valid until 2049. */
export function selfSigned() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(der(0x06, hex("2a8648ce3d040302")));
  const name = sequence(der(0x31, sequence(der(0x06, hex("550403")), der(0x0c, "127.0.0.1"))));
  const validity = sequence(der(0x17, "250101000000Z"), der(0x17, "490101000000Z"));
  const serial = der(0x02, Buffer.from([1]));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(serial, ecdsaWithSha256, name, validity, name, spki);
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const base64 = sequence(body, ecdsaWithSha256, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}
