// Package device compares devices and their users' licenses with Microsoft's
// prerequisites other than the network: the edition and build of Windows, and
// service plans.
//
// To include the result in a report, give the Runner the facts:
//
//	runner := readiness.Runner{Device: device.Facts{Edition: device.EditionPro}.Check}
package device
