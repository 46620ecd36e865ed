// Package changes compares catalogs. [Diff] lists the endpoints that differ,
// and [Effects] says what the differences mean for allowlists of firewalls and
// proxies.
package changes
