//go:build linux

package integration_test

import "fmt"

// Where filters send users whom they deny a name.
const (
	gardenHost = "garden.example"
	gardenAddr = "10.99.255.90"
)

// gardening returns the nginx configuration of a block page, whatever users
// requested. It has its own address and needs no name.
func (r *rig) gardening() string {
	return fmt.Sprintf(`server {
    listen %[1]s:80; listen %[1]s:443 ssl;
    ssl_certificate %[2]s/%[3]s.pem;
    add_header X-Blocked-By "Example Filter" always;
    location / { default_type text/html; return 200 "<html><title>Blocked</title>This site is not for work.</html>"; }
  }
  `, gardenAddr, r.pki.corporateDir, gardenHost)
}
