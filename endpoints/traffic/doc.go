// Package traffic explains the log of a proxy, firewall or resolver. For each
// host it says which documented service the host belongs to, in which phase of
// provisioning the service is used, and whether the scope requires it. From
// that it derives the timeline of a deployment, where it ended, the required
// hosts that were denied, failed or never requested, and the names that no rule
// covers.
//
// [Annotate] does all of this. A [Scanner] only reads a log, and an [Annotator]
// takes entries from elsewhere.
//
// # Formats
//
// The package reads each [Format] as programs write it: Squid's native log, the
// Common and Combined Log Formats, the W3C extended format of IIS, WinGate,
// Forefront TMG and Windows Firewall, HTTP archives, and plain lists of hosts; the
// query logs of dnsmasq, Pi-hole, Unbound and BIND; and Zeek's ssl, dns and http
// logs. [Auto] detects the format from the first lines, and [Summary] says which
// was found.
//
// A [Layout] describes any other log whose lines have named fields. Those built
// in, for products of several vendors, follow their documents and have not been
// compared with real logs; the title of the format says so.
//
// Lines may come in syslog: RFC 3164, RFC 5424 and the form that rsyslog writes.
// Messages of other programs are then ignored. The log may be compressed by gzip.
//
// In the logs of resolvers, a lookup of an address is the request. A question and
// its answer make one entry; one without an answer is told at the end.
//
// Lines end in LF or CRLF. The text may begin with a byte order mark. UTF-16
// with a byte order mark works too, since Windows PowerShell writes it. NUL
// bytes before a line are skipped as padding. Non-ASCII bytes are accepted
// except in names.
//
// Only four things are read: the time, the host, the port, and how the request
// ended. Users, clients, paths and queries are neither kept nor quoted in errors.
//
// # Malformed lines
//
// A malformed line gives no entry, and reading continues after it. All
// malformed lines are counted; the first [MaxErrors] are kept with line, field
// and reason. A line is also malformed if one of the fields above has an
// invalid value: a log with nonsensical times is probably in another format.
// Broken JSON in an HTTP archive ends the reading with an error, since the
// position is lost.
//
// # Denied and failed requests
//
// A request counts as denied if a field of the log says so (TCP_DENIED, an
// action such as "Denied"), if its status is 407, which only a proxy sends, or
// if it is a CONNECT with status 403. In logs without such a field any 403
// counts, although the server itself may have sent it. A proxy's request for
// credentials counts as well, because nobody can enter them during setup.
//
// A request failed if its status is 500 or above, or if the log says that no
// connection was made or no name found. Whether the network or the server is to
// blame, most logs do not show. A failure is forgotten if a later request to the
// same host and port succeeds; later by its time, or else by its line.
//
// An action or a status that is not known never counts as success: how the
// request ended is then unknown, as it is in logs that do not show it at all. So
// it is for a tunnel that Squid answered itself to look into it, and for one
// through which no server answered.
//
// A lookup counts as denied if it was answered with an unspecified or a loopback
// address, as filters do. How it ended is unknown if the address is private, or
// if there is no IPv4 address although the log shows addresses. A lookup of IPv6
// addresses that found none, or shows none, is left out.
// See [Entry], and [Summary.Verdict] for what follows.
//
// # Addresses
//
// A request that names only an address counts as one to the name for which a
// lookup in the same log returned the address, or else to the hosts for which
// Microsoft publishes its range. Content delivery networks have no such ranges,
// and one address of theirs may serve many names: other addresses match no rule.
// If they were denied on a port that the scope requires, [Summary] lists them,
// and the verdict is [VerdictUnknown].
//
// # What a log cannot show
//
// A log shows web traffic, so the resolver, the time server and domain
// controllers are never reported as missing. Neither are hosts of one region or
// TPM vendor unless the scope names it. A missing host is not necessarily
// blocked; no request for it came through here.
//
// # Memory
//
// Memory does not grow with the log. Lines have at most [MaxLine] bytes, only
// the first kilobytes of an archive's strings are kept, and at most [MaxHosts]
// hosts are listed. Hosts beyond that are still counted; see [Summary].
package traffic
