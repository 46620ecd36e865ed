//go:build linux

package integration_test

import "fmt"

// Where filters lead users whom they keep from a name.
const (
	gardenHost = "garden.example"
	gardenAddr = "10.99.255.90"
)

// gardening is the part of nginx's configuration that tells users off, whatever
// they asked for. It needs no name, as it has an address of its own.
func (r *rig) gardening() string {
	return fmt.Sprintf(`server {
    listen %[1]s:80; listen %[1]s:443 ssl;
    ssl_certificate %[2]s/%[3]s.pem;
    add_header X-Blocked-By "Example Filter" always;
    location / { default_type text/html; return 200 "<html><title>Blocked</title>This site is not for work.</html>"; }
  }
  `, gardenAddr, r.pki.corporateDir, gardenHost)
}
