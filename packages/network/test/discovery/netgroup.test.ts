import { describe, expect, it } from "@jest/globals";
import { formatIp, parseIp } from "../../src/discovery/ipAddress.ts";
import { isSameHost, maySpeakOf, netgroupOf, scopeOfHost } from "../../src/discovery/netgroup.ts";

describe("IP addresses", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "0:0:0:0:0:0:0:1"],
    ["2001:db8::5", "2001:db8:0:0:0:0:0:5"],
    ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["1::", "1:0:0:0:0:0:0:0"],
  ])("%s is read", (text, written) => {
    const bytes = parseIp(text);
    expect(bytes === null ? null : formatIp(bytes)).toBe(written);
  });

  it.each([
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
  ])("%p is none", (text) => expect(parseIp(text)).toBeNull());
  it.each(["12345::", "g::", "::1.2.3", "1:2:3:4:5:6:7::8", `${"1".repeat(50)}`])("%p is none", (text) =>
    expect(parseIp(text)).toBeNull(),
  );
});

describe("netgroups", () => {
  it.each([
    ["127.3.0.1", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["10.0.0.1", "private"],
    ["172.31.0.1", "private"],
    ["172.32.0.1", "public"],
    ["192.168.4.4", "private"],
    ["100.64.0.1", "private"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["0.0.0.0", "unusable"],
    ["::", "unusable"],
    ["255.255.255.255", "unusable"],
    ["ff02::1", "unusable"],
    ["8.8.8.8", "public"],
    ["example.org", "public"],
  ])("%s is %s", (host, scope) => expect(scopeOfHost(host)).toBe(scope));

  it("are /16, /32, and 64 ports of this machine", () => {
    expect([netgroupOf("1.2.3.4", 5), netgroupOf("1.2.255.0", 9), netgroupOf("1.3.3.4", 5)]).toEqual([
      "1.2",
      "1.2",
      "1.3",
    ]);
    expect(netgroupOf("2001:db8:5::1", 5)).toBe(netgroupOf("2001:db8:ffff::9", 7));
    expect(netgroupOf("2001:db9::1", 5)).not.toBe(netgroupOf("2001:db8::1", 5));
    expect(netgroupOf("127.0.0.1", 63)).toBe(netgroupOf("127.0.0.1", 1));
    expect(netgroupOf("127.0.0.1", 64)).not.toBe(netgroupOf("127.0.0.1", 63));
    expect(netgroupOf("127.0.0.1")).toBe("loopback");
  });

  it("lets nobody speak of what is nearer than he is", () => {
    expect(maySpeakOf("public", "loopback")).toBe(false);
    expect(maySpeakOf("public", "private")).toBe(false);
    expect(maySpeakOf("private", "loopback")).toBe(false);
    expect(maySpeakOf("public", "public")).toBe(true);
    expect(maySpeakOf("private", "public")).toBe(true);
    expect(maySpeakOf("loopback", "loopback")).toBe(true);
    expect(maySpeakOf("loopback", "unusable")).toBe(false);
  });

  it("knows one address by its several texts", () => {
    expect(isSameHost("::ffff:1.2.3.4", "1.2.3.4")).toBe(true);
    expect(isSameHost("2001:db8::1", "2001:0db8:0::1")).toBe(true);
    expect(isSameHost("memory", "memory")).toBe(true);
    expect(isSameHost("1.2.3.4", "memory")).toBe(false);
  });
});
