// Package allowlist writes the hosts that a network must allow, in the formats
// that firewalls and proxies read.
//
// [New] selects the hosts for an [endpoints.Scope] from a catalog. One function
// for each format writes them:
//
//   - [Hosts]: one host a line, as in the documents.
//   - [CSV]: a table with services, ports, needs, exemptions and sources.
//   - [Squid]: access lists for squid.conf.
//   - [PAC]: a proxy auto-configuration file that sends the hosts direct.
//   - [NFT]: nftables sets of the address ranges that Microsoft publishes.
//   - [EDL]: the external list of names that enterprise firewalls fetch.
//
// # Gaps
//
// Some hosts cannot be expressed in every format.
// "payloadprod*.blob.core.windows.net" means nothing to a firewall that only
// supports "*.x", and a name with a blank for the tenant needs the tenant's
// name. Nothing is dropped silently: each function returns such hosts as
// [Gap]s, with the reason, and writes them into the list as comments (as rows
// in CSV, which has no comments).
//
// If a format allows more than the documents, its function says so. Apart from
// gaps, no format allows less.
//
// # Untrusted catalogs
//
// A catalog may come from a file, so its text is not trusted. No version, title
// or reference can end a comment, string or cell of the output, and none
// becomes a formula in a spreadsheet.
//
// The output is sorted and depends only on the arguments, so that lists can be
// compared line by line. It leaves out names that Microsoft retired, and keeps
// those that are still listed although nothing uses them any more; see
// [endpoints.Catalog.Listed]. [CSV] says which they are.
package allowlist
