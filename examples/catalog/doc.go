// Catalog reads endpoint catalogs. It validates them, shows what a scenario
// needs, tells which documented rule covers a name, shows what differs between
// two catalogs and whom that affects, and compares a catalog with what
// Microsoft publishes.
//
// Usage:
//
//	catalog validate FILE...
//	catalog format FILE
//	catalog show [flags]
//	catalog match [flags] WHAT...
//	catalog diff [flags] OLD [NEW]
//	catalog drift [flags] [FILE...]
//
// A FILE, OLD or NEW that is "-" is read from standard input. Flags and
// arguments may come in any order.
//
// Validate reports what is wrong with each file, by line, entry and field, or
// how many endpoints it has. It also reports whether the file is in canonical
// form.
//
// Format writes the catalog of a file in canonical form.
//
// Show lists the endpoints of a catalog by service.
//
// Match lists the endpoints that cover each name, the most specific first. If a
// port is given, it leaves out endpoints without that port; if the most
// specific one is among those, it says which ports that one has. A URL stands
// for its host and port. Each endpoint comes with what is known of the name at
// its ports, what replaced it, and which document no longer names it. For an
// address, match lists the published ranges that contain it, in all clouds
// unless -cloud is given.
//
// Diff lists the endpoints that were added, removed and changed, by service,
// and then the effect on each scenario: names to allow, ports to open, names
// that are no longer needed. Without NEW, OLD is compared with the catalog
// given by -catalog.
//
// Drift compares a catalog with what Microsoft publishes. It lists names that
// are new, no longer listed, or listed with a different port, need, region or
// status; ranges that are new or no longer listed; and clouds that offer
// different scenarios. Then it lists the effect on each scenario. Without FILE
// it contacts only the Microsoft 365 endpoint service at endpoints.office.com. A
// FILE is an extract, and a folder stands for all extracts in it. Needs are
// compared only with documents about scenarios, because provisioning may not
// need everything that Intune or Microsoft 365 requires.
//
// The flags are:
//
//	-catalog file
//		The catalog to use instead of the built-in one.
//	-scenario name
//		Keep what this scenario needs: autopilot, hybrid-join, self-deploying,
//		pre-provisioning, device-preparation, device-association or autopatch.
//	-cloud name
//		Keep what belongs to this cloud: worldwide, gcc-high, dod or china. The
//		default is worldwide for show and match, and all clouds for diff and drift.
//	-region name
//		Keep what serves tenants of this region.
//	-tpm vendor
//		Keep what devices with a TPM from this vendor use: intel, amd, qualcomm or
//		discrete.
//	-windows generation
//		Keep what devices with this generation of Windows use: 10 or 11.
//	-features list
//		Keep what these features need, and drop what only others need.
//	-service list
//		Keep the endpoints of these services.
//	-all
//		Include names that are no longer current.
//	-source text
//		Show endpoints with this source, given by its key in the catalog file or
//		part of its title. Case does not matter.
//	-older-than age
//		Show endpoints whose newest source is older than this age at the
//		catalog's date (90d, 6m, 1y) or than this date (2025-11-30). A source
//		without a date counts as old.
//	-status list
//		Show endpoints with these statuses: current, legacy, retired, deprecated or
//		unknown.
//	-known list
//		Show endpoints with a port that is known to answer on healthy networks
//		(confirmed), known not to (contradicted), or unknown; and say what is
//		known, and since when.
//	-format name
//		The output format: text (the default) or json.
//
// Match and drift take only -catalog, -scenario, -cloud and -format. Match
// finds everything that covers a name; the scenario and cloud only determine
// the need that it shows. Drift compares the lists of all scenarios and shows
// the effect on the given one.
//
// # Extracts
//
// An extract is a UTF-8 table of tab-separated values. Its first line names the
// columns: host, transport, port, need, section, region and note; prefix, kind
// and note; or scenario, cloud, supported, source and date. A need is required,
// optional or listed, and a port may be missing. The beginning of the file name
// tells which page it comes from: autopilot-, device-preparation-,
// device-association-, autopatch-, intune-; china or gov after
// intune-endpoints- and intune-prefixes- stands for those clouds' pages.
//
// Endpoint service lists with one name or range per line are called
// INSTANCE_AREA_KIND.txt, as in China_Common_ip_cidr.txt; the kinds are
// fqdn_wildcard and ip_cidr. They have no ports.
//
// # In a review
//
// To see what a branch changes in the built-in data:
//
//	git show main:endpoints/catalog.json | catalog diff - endpoints/catalog.json
//
// # Exit status
//
// The exit status is 0 if all files are valid, all names are covered, nothing
// differs, or the endpoints were shown; 1 if a file is not valid or not in
// canonical form, a name is not covered, something differs, or there is nothing
// to show; and 2 if the command failed: a flag is wrong, the service does not
// answer, a file cannot be read, or, except for validate, a file is not a
// catalog or an extract.
package main
