// Package traffic tells what was seen on the wire: it reads the log of a proxy
// or a firewall and says for each host which documented service it belongs to,
// in which phase of provisioning that service is used, and whether the scope
// requires it. From that follow the timeline of a deployment, the required
// hosts that were denied or never asked for, and the names that no rule covers.
//
// [Annotate] does all of it. A [Scanner] only reads a log, and an [Annotator]
// takes entries that come from elsewhere.
//
// # Formats
//
// A [Format] is read as it is written in practice: the native log of Squid, the
// Common and the Combined Log Format, the W3C extended format of IIS, WinGate
// and Forefront TMG, HTTP archives, and plain lists of hosts. [Auto] chooses by
// the first lines, and [Summary] says what was chosen.
//
// Lines may end in LF or CRLF, the text may begin with a byte order mark, and
// UTF-16 with a byte order mark is read as well, since Windows PowerShell writes
// it. NUL bytes before a line are padding and are passed over. No other bytes
// are taken for granted to be text: those outside of ASCII are read where no
// name is expected, and refused in a name.
//
// Only what the annotation needs is read: the time, the host, the port, and
// whether the request was denied. Users, clients, paths and queries are neither
// kept nor quoted in an error.
//
// # Faults in a log
//
// A line that is malformed gives no entry. It is counted, and the first
// [MaxErrors] are kept with line, field and reason. The lines after it are read
// all the same. A line is malformed as well if one of the fields that are read
// is: a log whose times make no sense is not what it was taken for. The
// syntax of an HTTP archive cannot be broken without losing the place, so that
// ends the reading, with an error.
//
// # Denied requests
//
// A request is denied if the log says so in a field of its own (TCP_DENIED, an
// action such as "Denied"), if it was answered with 407, which only a proxy
// does, or if a CONNECT was answered with 403. Where the log has no such field,
// 403 counts too, although the server itself may have sent it. A proxy that
// asks for credentials denies: while Windows is set up, nobody can answer. Of
// some requests a log does not tell, and a list of hosts tells of none, see
// [Entry] and [Summary].
//
// # What a log cannot show
//
// A log shows web traffic. The resolver, the time server and the domain
// controllers are never reported as missing. Nor are the hosts of one region or
// one TPM maker while the scope does not name it. That a host is missing does
// not say that it is blocked, only that nobody asked for it through here.
//
// # Memory
//
// Memory does not grow with the log. A line is read up to [MaxLine] bytes, the
// texts of an archive up to their first kilobytes, and hosts are listed up to
// [MaxHosts]. What comes after is still counted, see [Unlisted].
package traffic
