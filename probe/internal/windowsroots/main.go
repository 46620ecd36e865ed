// Command windowsroots writes the roots of the Windows root program that the
// probe package embeds, and the list that its tests compare them with.
//
//	go run ./probe/internal/windowsroots PROGRAM.pem PROGRAM.tsv
//
// PROGRAM.pem holds the certificates that the program trusts. PROGRAM.tsv has a
// line for each certificate of the program, trusted or blocked: the SHA-256 of
// the DER, the name, and "trusted" or "blocked", as the CCADB publishes them
// (https://www.ccadb.org/resources) and nabla-c0d3/trust_stores_observatory
// collects them. Run it in the root of the module.
package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"os"
	"regexp"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func main() {
	log.SetFlags(0)
	const files = 2
	if len(os.Args) != 1+files {
		log.Fatal("usage: windowsroots PROGRAM.pem PROGRAM.tsv")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

// otherUse matches the names of roots for other uses: code, documents, mail,
// time stamps or clients.
var otherUse = regexp.MustCompile(`(?i)signing\b|s/?mime|mail|time ?stamp|\btsa\b|\bcs\b|client`)

func run(pemFile, listFile string) error {
	list, err := os.ReadFile(listFile)
	if err != nil {
		return err
	}
	certs, err := readPEM(pemFile)
	if err != nil {
		return err
	}
	public := publicRoots()
	var der, uses bytes.Buffer
	uses.WriteString("sha256\tname\tuse\n")
	for line := range strings.Lines(string(list)) {
		const columns = 3
		f := strings.SplitN(strings.TrimSpace(line), "\t", columns+1)
		if len(f) < columns || f[0] == "sha256" {
			continue
		}
		sum, name, status := f[0], f[1], f[2]
		use := useOf(name, status, certs[sum])
		if use == "" {
			return fmt.Errorf("%s, %s: no certificate", name, sum)
		}
		fmt.Fprintf(&uses, "%s\t%s\t%s\n", sum, name, use)
		if use == "server" && !public[sum] {
			der.Write(certs[sum])
		}
	}
	if _, err := x509.ParseCertificates(der.Bytes()); err != nil {
		return err
	}
	const mode = 0o644
	return errors.Join(
		os.WriteFile("probe/roots/windows.der", der.Bytes(), mode),
		os.WriteFile("probe/testdata/windows-program.tsv", uses.Bytes(), mode),
	)
}

// useOf returns what to do with a root: "server" embeds it, "other" is for
// other uses, "unreadable" is not for Go, and "blocked" is distrusted.
func useOf(name, status string, der []byte) string {
	if status == "blocked" {
		return status
	}
	if status != "trusted" || der == nil {
		return ""
	}
	c, err := x509.ParseCertificate(der)
	switch {
	case err != nil:
		return "unreadable"
	case otherUse.MatchString(name) || otherUse.MatchString(c.Subject.CommonName):
		return "other"
	}
	return "server"
}

// readPEM returns the certificates in a file by the SHA-256 of their DER.
func readPEM(name string) (map[string][]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	certs := make(map[string][]byte)
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return certs, nil
		}
		certs[fingerprint(block.Bytes)] = block.Bytes
	}
}

// publicRoots returns the roots that the public bundle has without a
// constraint. Windows sets none.
func publicRoots() map[string]bool {
	has := make(map[string]bool)
	for root := range bundle.Roots() {
		has[fingerprint(root.Certificate)] = root.Constraint == nil
	}
	return has
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
