// Catalog reads catalogues of endpoints: it validates them, shows what one has
// for a scenario, tells which documented rule covers a name, and compares two of
// them, so that a change of the data shows what it changes, and for whom.
//
// Usage:
//
//	catalog validate FILE...
//	catalog format FILE
//	catalog show [flags]
//	catalog match [flags] HOST[:PORT]...
//	catalog diff [flags] OLD [NEW]
//
// A FILE, OLD or NEW that is "-" is read from standard input. Flags and
// arguments may come in any order.
//
// Validate says what is wrong with each file, by line, entry and field, or how
// many endpoints it has. It also says whether the file is in the form in which
// catalogues are kept.
//
// Format writes the catalogue of a file in that form.
//
// Show lists the endpoints of a catalogue by service.
//
// Match lists the endpoints that cover each name, the most specific first. A
// port leaves out those that do not have it.
//
// Diff lists the endpoints that were added, removed and changed, by service,
// and then what it means for each scenario: names to allow, ports to open, names
// that may go. Without NEW, OLD is compared with the catalogue of -catalog.
//
// The flags are:
//
//	-catalog file
//		The catalogue to use instead of the built-in one.
//	-scenario name
//		Keep what a scenario needs: autopilot, hybrid-join, self-deploying,
//		pre-provisioning, device-preparation, device-association or autopatch.
//	-cloud name
//		Keep what is of a cloud: worldwide, gcc-high, dod or china. Show and
//		match take worldwide by default, diff all clouds.
//	-region name
//		Keep what serves tenants of a region.
//	-tpm maker
//		Keep what devices with a TPM of this maker use: intel, amd, qualcomm or
//		discrete.
//	-windows generation
//		Keep what devices with this generation of Windows use: 10 or 11.
//	-features list
//		Keep what these features need, and drop what only others need.
//	-service list
//		Keep the endpoints of these services.
//	-all
//		Keep names that are no longer current, too.
//	-format name
//		The form of the output: text (the default) or json.
//
// Match takes -catalog, -scenario, -cloud and -format alone: it finds whatever
// covers a name, and the scenario and cloud only say how it is needed there.
//
// # In a review
//
// What a branch changes in the built-in data:
//
//	git show main:endpoints/catalog.json | catalog diff - endpoints/catalog.json
//
// # Exit status
//
// The exit status is 0 if all files are valid, all names are covered, nothing
// differs, or the endpoints were shown; 1 if a file is not valid or not in its
// form, a name is not covered, something differs, or nothing is left to show;
// and 2 if the command could not do its work, as with a bad flag, or a file that
// it cannot read or, but for validate, that is no catalogue.
package main
