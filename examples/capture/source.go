package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// A source reads the packets of a capture one by one.
type source interface {
	ReadPacketData() ([]byte, gopacket.CaptureInfo, error)
	LinkType() layers.LinkType
}

// errFormat means that a file is no capture.
var errFormat = errors.New("neither pcap nor pcapng; convert other captures first, as with pktmon etl2pcap FILE.etl")

// open returns the packets of a capture: pcap or pcapng, which may be compressed
// by gzip.
func open(r io.Reader) (source, error) {
	br := bufio.NewReaderSize(r, 1<<20)
	magic, err := br.Peek(4)
	if err == nil && bytes.HasPrefix(magic, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, err
		}
		br = bufio.NewReaderSize(z, 1<<20)
		if magic, err = br.Peek(4); err != nil {
			return nil, err
		}
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case bytes.Equal(magic, []byte("\x0a\x0d\x0d\x0a")):
		s, err := pcapgo.NewNgReader(br, pcapgo.NgReaderOptions{WantMixedLinkType: true})
		return s, wrap(err)
	case isPCAP(magic):
		s, err := pcapgo.NewReader(br)
		return s, wrap(err)
	default:
		return nil, errFormat
	}
}

// isPCAP reports whether a file begins as pcap does, in either byte order and
// with microseconds or nanoseconds.
func isPCAP(magic []byte) bool {
	return slices.Contains([]string{"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1"}, string(magic))
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("not a readable capture: %w", err)
	}
	return nil
}
