package probetest

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// The numbers of SOCKS version 5, RFC 1928, and of its passwords, RFC 1929.
const (
	socksVersion         = 5
	socksPasswordVersion = 1

	socksNoAuth   = 0
	socksPassword = 2
	socksNoMethod = 0xff

	socksConnect = 1

	socksIPv4 = 1
	socksName = 3
	socksIPv6 = 4

	socksSucceeded          = 0
	socksFailure            = 1
	socksNotAllowed         = 2
	socksNetworkUnreachable = 3
	socksHostUnreachable    = 4
	socksRefused            = 5
	socksNoCommand          = 7
	socksNoAddressType      = 8
)

// serveSOCKS connects a client to the requested host.
func (i *Internet) serveSOCKS(c *conn, f flow) {
	in := bufio.NewReader(c)
	if !i.socksAccept(in, c, f) {
		return
	}
	hostport, reply, err := socksRequest(in)
	if err != nil {
		return
	}
	target := f
	target.hosts = []string{hostOf(hostport)}
	i.log.add(EventRequest, target, "CONNECT "+hostport)
	if i.interrupt(AfterRequest, f, c, c) {
		return
	}
	if deny, ok := first[ProxyDeny](i, target); ok && reply == socksSucceeded {
		if reply = deny.Reply; reply == 0 {
			reply = socksNotAllowed
		}
	}
	// The client sends nothing more before the reply, so reading only shows
	// whether it went away.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	said := &eventually{in: in, ready: make(chan struct{})}
	go func() {
		defer close(said.ready)
		if _, err := in.Peek(1); err != nil {
			cancel()
		}
	}()
	var origin net.Conn
	if reply == socksSucceeded {
		if origin, err = i.dialName(ctx, hostport); err != nil {
			reply = socksReply(err)
		}
	}
	_, err = c.Write([]byte{socksVersion, reply, 0, socksIPv4, 0, 0, 0, 0, 0, 0})
	switch {
	case origin == nil:
	case err != nil:
		_ = origin.Close()
	default:
		join(c, said, origin)
	}
}

// An eventually is a reader that waits until it is ready.
type eventually struct {
	in    io.Reader
	ready chan struct{}
}

func (e *eventually) Read(p []byte) (int, error) {
	<-e.ready
	return e.in.Read(p)
}

// socksAccept negotiates authentication, and reports whether the client may
// continue.
func (i *Internet) socksAccept(in io.Reader, c io.Writer, f flow) bool {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil || head[0] != socksVersion {
		return false
	}
	offered := make([]byte, head[1])
	if _, err := io.ReadFull(in, offered); err != nil {
		return false
	}
	method := byte(socksNoAuth)
	auth, demanded := first[ProxyAuth](i, f)
	if demanded {
		method = socksPassword
	}
	if !slices.Contains(offered, method) {
		_, _ = c.Write([]byte{socksVersion, socksNoMethod})
		return false
	}
	if _, err := c.Write([]byte{socksVersion, method}); err != nil {
		return false
	}
	return !demanded || auth.login(in, c)
}

// login reads credentials, RFC 1929, and replies whether they are accepted.
func (a ProxyAuth) login(in io.Reader, c io.Writer) bool {
	version, err := socksField(in, 1)
	if err != nil || version[0] != socksPasswordVersion {
		return false
	}
	user, err := socksString(in)
	if err != nil {
		return false
	}
	password, err := socksString(in)
	if err != nil {
		return false
	}
	given := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	status := byte(1)
	if a.Basic != "" && given == a.Basic {
		status = 0
	}
	_, err = c.Write([]byte{socksPasswordVersion, status})
	return err == nil && status == 0
}

// socksRequest reads the host and port that the client requests, or returns the
// reply that refuses an invalid request.
func socksRequest(in io.Reader) (hostport string, reply byte, err error) {
	head, err := socksField(in, 4)
	if err != nil {
		return "", 0, err
	}
	if head[0] != socksVersion {
		return "", 0, errors.New("not SOCKS version 5")
	}
	if head[1] != socksConnect {
		reply = socksNoCommand
	}
	host := ""
	switch head[3] {
	case socksIPv4, socksIPv6:
		size := net.IPv4len
		if head[3] == socksIPv6 {
			size = net.IPv6len
		}
		b, err := socksField(in, size)
		if err != nil {
			return "", 0, err
		}
		addr, _ := netip.AddrFromSlice(b)
		host = addr.String()
	case socksName:
		if host, err = socksString(in); err != nil {
			return "", 0, err
		}
	default:
		return "", socksNoAddressType, nil
	}
	port, err := socksField(in, 2)
	if err != nil {
		return "", 0, err
	}
	return net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1]))), reply, nil
}

// socksField reads n bytes.
func socksField(in io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(in, b)
	return b, err
}

// socksString reads a length and as many bytes.
func socksString(in io.Reader) (string, error) {
	n, err := socksField(in, 1)
	if err != nil {
		return "", err
	}
	b, err := socksField(in, int(n[0]))
	return string(b), err
}

// socksReply says why the proxy could not reach a host.
func socksReply(err error) byte {
	switch {
	case errors.Is(err, connRefused):
		return socksRefused
	case errors.Is(err, netUnreach):
		return socksNetworkUnreachable
	case errors.Is(err, hostUnreach), errors.Is(err, timedOut):
		return socksHostUnreachable
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		return socksHostUnreachable
	}
	return socksFailure
}
