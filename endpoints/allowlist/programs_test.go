package allowlist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

// missing skips the test if a prerequisite is missing, or fails it where it
// must run.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("NETREADY_INTEGRATION") == "require" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// program returns the first of several programs that is installed.
func program(t *testing.T, names ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts other programs")
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "needs %s", strings.Join(names, " or "))
	return ""
}

// try runs a program and returns its combined output.
func try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	return string(out), err
}

// save writes a list to a file and returns the file's name.
func save(t *testing.T, name string, d dialect, l *allowlist.List) string {
	t.Helper()
	text, _ := written(t, d, l)
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// realLists returns lists with different contents.
func realLists(t *testing.T) map[string]*allowlist.List {
	t.Helper()
	out := map[string]*allowlist.List{
		"every kind of host": newList(t, small(t), endpoints.Scope{Tenant: "contoso", Domains: []string{"contoso.com"}}),
		"nothing":            newList(t, small(t), endpoints.Scope{Cloud: endpoints.CloudChina}),
		"hostile texts":      newList(t, hostileCatalog(hostileTexts[0], hostileTexts[2], hostileTexts[2], hostileTexts[2]), endpoints.Scope{}),
	}
	for _, cloud := range endpoints.Clouds() {
		out[string(cloud)] = newList(t, nil, endpoints.Scope{Cloud: cloud, Tenant: "contoso", Domains: []string{"contoso.com"}})
	}
	return out
}

// TestSquid makes squid read the lists, and rules that use them.
func TestSquid(t *testing.T) {
	squid := program(t, "squid", "/usr/sbin/squid")
	version, err := try(t, squid, "-v")
	if err != nil || !strings.Contains(version, "--with-openssl") {
		missing(t, "needs a squid with OpenSSL: %v", err)
	}
	for name, l := range realLists(t) {
		t.Run(name, func(t *testing.T) {
			list := save(t, "netready.conf", allowlist.Squid, l)
			conf := filepath.Join(t.TempDir(), "squid.conf")
			rules := "include " + list + "\nhttp_access allow netready\nhttp_access deny all\nssl_bump splice netready_no_inspection\n"
			if err := os.WriteFile(conf, []byte(rules), 0o666); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{list, conf} {
				out, err := try(t, squid, "-k", "parse", "-f", path)
				if err != nil || regexp.MustCompile(`WARNING|ERROR|FATAL`).MatchString(out) {
					t.Errorf("%s: %v\n%s", path, err, out)
				}
				if n := strings.Count(out, "| Processing: acl netready "); n != 1 {
					t.Errorf("%s: the list of all hosts was read %d times", path, n)
				}
			}
		})
	}
}

// TestNFT makes nft check the sets, and load them twice in a network namespace.
func TestNFT(t *testing.T) {
	nft := program(t, "nft", "/usr/sbin/nft")
	unshare := program(t, "unshare")
	if os.Geteuid() != 0 {
		missing(t, "needs root")
	}
	if out, err := try(t, unshare, "--net", "true"); err != nil {
		missing(t, "cannot make network namespaces: %v: %s", err, out)
	}
	for name, l := range realLists(t) {
		t.Run(name, func(t *testing.T) {
			path := save(t, "sets.nft", allowlist.NFT, l)
			if out, err := try(t, unshare, "--net", nft, "-c", "-f", path); err != nil {
				t.Fatalf("check: %v\n%s", err, out)
			}
			// The chain stays, and the elements of an earlier list are gone.
			const script = `set -e
				$1 -f "$2"
				$1 add chain inet netready own
				if $1 list set inet netready intune_v4 >/dev/null 2>&1; then
					$1 add element inet netready intune_v4 { 192.0.2.1 . tcp . 9 }
					$1 add rule inet netready own ip daddr . meta l4proto . th dport @intune_v4 accept
				fi
				$1 list sets >"$3"
				$1 -f "$2"
				$1 list chain inet netready own >/dev/null
				$1 list sets`
			out, err := try(t, unshare, "--net", "sh", "-c", script, "sh", nft, path, filepath.Join(t.TempDir(), "before"))
			if err != nil {
				t.Fatalf("load: %v\n%s", err, out)
			}
			if strings.Contains(out, "192.0.2.1 . tcp . 9") {
				t.Error("loading does not replace what is in the sets")
			}
			text, _ := written(t, allowlist.NFT, l)
			if want, got := strings.Count(text, "flush set"), strings.Count(out, "\tset "); got != want {
				t.Errorf("%d sets loaded, want %d", got, want)
			}
		})
	}
}

// pacHelper is the only helper that the files use, as browsers define it: a
// question mark stands for one character and an asterisk for any number.
const pacHelper = `
function shExpMatch(text, pattern) {
	pattern = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
	return new RegExp("^" + pattern + "$").test(text);
}
`

// TestPAC makes a JavaScript engine evaluate the files, and compares each
// result with what the list's hosts cover.
func TestPAC(t *testing.T) {
	engine := program(t, "duk", "node")
	for name, l := range realLists(t) {
		t.Run(name, func(t *testing.T) {
			names := namesFor(l)
			asked, err := json.Marshal(names)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := written(t, withProxy, l)
			script := filepath.Join(t.TempDir(), "ask.js")
			code := pacHelper + text + fmt.Sprintf(`
				var show = typeof print === "function" ? print : console.log, names = %s, i;
				for (i = 0; i < names.length; i++) { show(FindProxyForURL("https://" + names[i] + "/", names[i])); }`, asked)
			if err := os.WriteFile(script, []byte(code), 0o666); err != nil {
				t.Fatal(err)
			}
			out, err := try(t, engine, script)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var got, want []string
			for i, answer := range strings.Split(strings.TrimSpace(out), "\n") {
				got = append(got, names[i]+" "+answer)
			}
			for _, n := range names {
				answer := "PROXY proxy.contoso.com:3128; SOCKS5 [2001:db8::1]:1080; SOCKS [2001:db8::1]:1080"
				if slices.ContainsFunc(l.Entries, func(e allowlist.Entry) bool { return isWeb(e) && e.Host.Match(n) }) {
					answer = "DIRECT"
				}
				want = append(want, n+" "+answer)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPACNothingElse checks what a file without a proxy returns for other
// hosts.
func TestPACNothingElse(t *testing.T) {
	engine := program(t, "duk", "node")
	text, _ := written(t, withoutProxy, newList(t, small(t), endpoints.Scope{}))
	script := filepath.Join(t.TempDir(), "ask.js")
	ask := `(typeof print === "function" ? print : console.log)(FindProxyForURL("", "login.contoso.com") + " " + FindProxyForURL("", "elsewhere.example"));`
	if err := os.WriteFile(script, []byte(pacHelper+text+ask), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := try(t, engine, script); err != nil || out != "DIRECT null\n" {
		t.Errorf("%q, %v", out, err)
	}
}

func withoutProxy(w io.Writer, l *allowlist.List) ([]allowlist.Gap, error) {
	return allowlist.PAC(w, l)
}

func isWeb(e allowlist.Entry) bool {
	return slices.ContainsFunc(e.Endpoints, func(f endpoints.Endpoint) bool {
		return slices.ContainsFunc(f.Ports, func(p endpoints.Port) bool {
			return p.Transport == "tcp" && (p.Protocol == "http" || p.Protocol == "https")
		})
	})
}

// namesFor returns names that a list covers, and similar ones that it does not.
func namesFor(l *allowlist.List) []string {
	names := []string{"elsewhere.example", "localhost", "constructor", "__proto__", "hasownproperty", "toString", "192.0.2.8", "LOGIN.CONTOSO.COM.", "login.contoso.com"}
	for _, e := range l.Entries {
		h := e.Host.String()
		apex := strings.TrimPrefix(h, "*.")
		for _, n := range []string{
			apex, "a." + apex, "a.b." + apex, "not" + apex, apex + ".example", strings.Replace(apex, ".", "x", 1), strings.ToUpper(apex), apex + ".",
		} {
			names = append(names, n, strings.ReplaceAll(n, "*", ""), strings.ReplaceAll(n, "*", "a1"), strings.ReplaceAll(n, "*", "a.b"))
		}
	}
	// Nobody requests invalid names.
	names = slices.DeleteFunc(names, func(n string) bool {
		h, err := endpoints.ParseHost(n)
		return err != nil || h.Kind() != endpoints.Exact
	})
	slices.Sort(names)
	return slices.Compact(names)
}
