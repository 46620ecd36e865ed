// Package allowlist writes what a network has to let through in the languages
// that firewalls and proxies read.
//
// [New] chooses the hosts for a [Scope] from the catalogue. One function for
// each dialect writes them:
//
//   - [Hosts]: one host a line, as documents write it.
//   - [CSV]: a table with services, ports, needs, exemptions and sources.
//   - [Squid]: access lists for squid.conf.
//   - [PAC]: a proxy auto-configuration file that sends the hosts direct.
//   - [NFT]: nftables sets of the address ranges that Microsoft publishes.
//   - [EDL]: the external list of names that enterprise firewalls fetch.
//
// # What a dialect cannot say
//
// "payloadprod*.blob.core.windows.net" is no host to a firewall whose lists
// only know "*.x", and a name that the tenant fills in is none to anybody while
// the tenant is not known. Nothing of that is left out in silence: each
// function returns it as [Gap]s, with the reason, and writes it into the list
// as comments (CSV, which has none, has rows for it).
//
// A dialect that is wider than the document says so in its documentation. None
// is narrower.
//
// # What is trusted
//
// Nothing of a catalogue is: versions, titles and references are free text, and
// a catalogue may come from a file. No such text can end a comment, a string or
// a cell of what is written, and none is written that a spreadsheet takes for a
// formula.
//
// What is written depends on the arguments alone, and is sorted, so that two
// lists can be compared line by line. Names that Microsoft retired are not in
// it: see [endpoints.Status].
package allowlist
