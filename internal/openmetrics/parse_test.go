package openmetrics_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// TestRender: Prometheus reads each golden file of the form, and finds the type
// and the help of everything in it.
func TestRender(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "readiness", "render", "testdata", "*.openmetrics"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			samples, err := parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(samples) == 0 {
				t.Error("no samples")
			}
			seen := make(map[string]bool)
			for _, s := range samples {
				if s.kind == "" || s.help == "" {
					t.Errorf("%s has the type %q and the help %q", s.series, s.kind, s.help)
				}
				if seen[s.series] {
					t.Errorf("%s appears twice", s.series)
				}
				seen[s.series] = true
			}
		})
	}
}

// TestParse: the parser rejects what is not OpenMetrics.
func TestParse(t *testing.T) {
	for name, text := range map[string]string{
		"no end":            "# TYPE a gauge\na 1\n",
		"an unquoted value": "# TYPE a gauge\na{b=c} 1\n# EOF\n",
		"a raw newline":     "# TYPE a gauge\na{b=\"c\nd\"} 1\n# EOF\n",
		"no number":         "# TYPE a gauge\na x\n# EOF\n",
	} {
		if samples, err := parse([]byte(text)); err == nil {
			t.Errorf("%s: %v", name, samples)
		}
	}
	if samples, err := parse([]byte("# TYPE a gauge\n# HELP a b\na{c=\"d\"} 1\n# EOF\n")); err != nil || len(samples) != 1 || samples[0] != (sample{`{__name__="a", c="d"}`, "gauge", "b"}) {
		t.Errorf("%v, %v", samples, err)
	}
}

// A sample is one line, with the type and the help of its family.
type sample struct{ series, kind, help string }

// parse reads OpenMetrics text as a Prometheus server does.
func parse(text []byte) ([]sample, error) {
	p, err := textparse.New(text, "application/openmetrics-text; version=1.0.0; charset=utf-8", labels.NewSymbolTable(), textparse.ParserOptions{})
	if err != nil {
		return nil, err
	}
	var samples []sample
	kinds, helps := make(map[string]string), make(map[string]string)
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return nil, err
		}
		switch entry {
		case textparse.EntryType:
			name, kind := p.Type()
			kinds[string(name)] = string(kind)
		case textparse.EntryHelp:
			name, help := p.Help()
			helps[string(name)] = string(bytes.Clone(help))
		case textparse.EntrySeries:
			var l labels.Labels
			p.Labels(&l)
			family := strings.TrimSuffix(l.Get(model.MetricNameLabel), "_info")
			samples = append(samples, sample{l.String(), kinds[family], helps[family]})
		default:
		}
	}
}
