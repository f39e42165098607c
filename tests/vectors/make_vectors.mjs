// Makes cookies.json: what the AWS SDK for JavaScript signs for each case below, with the test keys.
// RSA signatures come out the same every time; ECDSA ones are random and only verified.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getSignedCookies } from "@aws-sdk/cloudfront-signer";

const here = (name) => new URL(name, import.meta.url);
const sdk = createRequire(import.meta.url)("@aws-sdk/cloudfront-signer/package.json");

const HOST = "https://d111111abcdef8.cloudfront.net";
const CASES = [
  { resource: `${HOST}/out/v1/live-us-east-1-1a2b3c4d/*`, expires: 1798765500 },
  { resource: `${HOST}/out/v1/live-us-east-1-1a2b3c4d/*`, expires: 1798765800 },
  { resource: `${HOST}/*`, expires: 1 },
  { resource: "https://media.example.com/out/v1/*", expires: 2147483647 },
  { resource: `${HOST}/out/v1/live/index.m3u8?start=2027-01-01T00:00:00Z&end=*`, expires: 2147483648 },
  { resource: `${HOST}/out/v1/segment_?????.ts?m=*&a='<b>'+c~d%20e`, expires: 4102444800 },
  { resource: `${HOST}/${"a-long-path/".repeat(40)}*`, expires: 1798765500 },
  { resource: `${HOST}/überall/*`, expires: 1798765500 },
];

function vector({ resource, expires }, algorithm, keyPairId, privateKey) {
  const policy = JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { "AWS:EpochTime": expires } } }],
  });
  const cookies = getSignedCookies({ keyPairId, privateKey, algorithm, policy });
  return {
    resource,
    expires,
    hash_algorithm: algorithm,
    key_pair_id: cookies["CloudFront-Key-Pair-Id"],
    policy: cookies["CloudFront-Policy"],
    signature: cookies["CloudFront-Signature"],
  };
}

// Given a URL and a date instead of a policy, the SDK writes the policy's text itself. That it signs
// the same bytes then proves that the text above is the SDK's too.
function checkAgainstTheSdksOwnPolicy({ resource, expires }, algorithm, keyPairId, privateKey) {
  const dateLessThan = expires * 1000;
  const own = getSignedCookies({ keyPairId, privateKey, algorithm, url: resource, dateLessThan });
  const ours = vector({ resource, expires }, algorithm, keyPairId, privateKey);
  if (own["CloudFront-Signature"] !== ours.signature) {
    throw new Error(`The SDK writes another policy for ${resource}`);
  }
}

const rsa = ["K1TESTONLYRSA2048", readFileSync(here("test-only-rsa-2048.pem"), "utf8")];
const ecdsa = ["K2TESTONLYP256", readFileSync(here("test-only-ecdsa-p256.pem"), "utf8")];
const hashes = ["SHA256", "SHA1"];

for (const hash of hashes) {
  for (const each of CASES) checkAgainstTheSdksOwnPolicy(each, hash, ...rsa);
}
const vectors = {
  made_with: `${sdk.name} ${sdk.version}`,
  rsa: hashes.flatMap((hash) => CASES.map((each) => vector(each, hash, ...rsa))),
  ecdsa: CASES.map((each) => vector(each, "SHA256", ...ecdsa)),
};
writeFileSync(here("cookies.json"), JSON.stringify(vectors, null, 2) + "\n");
