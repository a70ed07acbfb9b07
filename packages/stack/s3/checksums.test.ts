import fc from "fast-check";
import { expect, test } from "vitest";
import { ALGORITHMS, createChecksum } from "./checksums.ts";

/** The published check values: the digests of "123456789". */
const CHECKS = {
  crc32: "cbf43926",
  crc32c: "e3069283",
  crc64nvme: "ae8b14860a799888",
  sha1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  sha256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
};

test.each(ALGORITHMS)("%s has its check value", (algorithm) => {
  const checksum = createChecksum(algorithm);
  checksum.update(Buffer.from("123456789"));
  expect(Buffer.from(checksum.digest(), "base64").toString("hex")).toBe(CHECKS[algorithm]);
});

test.each(ALGORITHMS)("%s is the same however the data is cut", (algorithm) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (data, at) => {
      const whole = createChecksum(algorithm);
      whole.update(data);
      const cut = createChecksum(algorithm);
      cut.update(data.subarray(0, at));
      cut.update(data.subarray(at));
      expect(cut.digest()).toBe(whole.digest());
    }),
  );
});
