package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// The verbs of the command.
const (
	verbValidate = "validate"
	verbFormat   = "format"
	verbShow     = "show"
	verbMatch    = "match"
	verbDiff     = "diff"
)

// The forms of the output.
const (
	formatText = "text"
	formatJSON = "json"
)

// options are what the arguments say.
type options struct {
	verb    string
	args    []string
	query   endpoints.Query
	catalog string
	format  string
}

// parse returns the options that arguments say, [flag.ErrHelp], or an error that
// says what is wrong with them.
func parse(args []string) (options, error) {
	o := options{format: formatText}
	if len(args) == 0 {
		return o, errors.New("no command: want validate, format, show, match or diff")
	}
	o.verb = args[0]
	switch o.verb {
	case "-h", "-help", "--help":
		return o, flag.ErrHelp
	case verbValidate, verbFormat, verbShow, verbMatch, verbDiff:
	default:
		return o, fmt.Errorf("unknown command %q: want validate, format, show, match or diff", o.verb)
	}
	fs := o.flags()
	for rest := args[1:]; ; {
		if err := fs.Parse(rest); err != nil {
			return o, err
		}
		rest = fs.Args()
		if len(rest) == 0 {
			break
		}
		o.args = append(o.args, rest[0])
		rest = rest[1:]
	}
	return o, o.count()
}

// count checks how many arguments there are.
func (o *options) count() error {
	least, most, what := 0, 0, "no arguments"
	switch o.verb {
	case verbValidate:
		least, most, what = 1, len(o.args), "one file or more"
	case verbFormat:
		least, most, what = 1, 1, "one file"
	case verbMatch:
		least, most, what = 1, len(o.args), "one name or more"
	case verbDiff:
		least, most, what = 1, 2, "one file or two"
	}
	if len(o.args) < least || len(o.args) > most {
		return fmt.Errorf("%s: want %s, got %d", o.verb, what, len(o.args))
	}
	if i := slices.Index(o.args, "-"); o.verb == verbDiff && i >= 0 && slices.Contains(o.args[i+1:], "-") {
		return errors.New("diff: standard input can be read only once")
	}
	return nil
}

// flags returns the flags of the verb, which write to o as they are parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("catalog", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	if o.verb == verbValidate || o.verb == verbFormat {
		return fs
	}
	fs.StringVar(&o.catalog, "catalog", "", "")
	fs.Func("scenario", "", choose(&o.query.Scenario, endpoints.Scenarios()))
	fs.Func("cloud", "", choose(&o.query.Cloud, endpoints.Clouds()))
	fs.Func("format", "", choose(&o.format, []string{formatText, formatJSON}))
	if o.verb == verbMatch {
		return fs
	}
	fs.Func("region", "", choose(&o.query.Region, endpoints.Regions()))
	fs.Func("tpm", "", choose(&o.query.TPM, endpoints.TPMVendors()))
	fs.Func("windows", "", choose(&o.query.Windows, endpoints.Generations()))
	fs.Func("features", "", chooseAll(&o.query.Features, endpoints.Features()))
	fs.Func("service", "", chooseAll(&o.query.Services, nil))
	fs.BoolVar(&o.query.AllStatuses, "all", false, "")
	return fs
}

// choose returns a function for [flag.FlagSet.Func] that accepts some words.
func choose[T ~string](dst *T, all []T) func(string) error {
	return func(s string) error {
		if !slices.Contains(all, T(s)) {
			return fmt.Errorf("want one of %s", joined(all))
		}
		*dst = T(s)
		return nil
	}
}

// chooseAll does the same for lists. No words at all means that every one is
// accepted.
func chooseAll[T ~string](dst *[]T, all []T) func(string) error {
	return func(s string) error {
		for word := range strings.SplitSeq(s, ",") {
			word := T(strings.TrimSpace(word))
			if all != nil && !slices.Contains(all, word) {
				return fmt.Errorf("%q: want some of %s", word, joined(all))
			}
			*dst = append(*dst, word)
		}
		return nil
	}
}

// joined returns words with commas between them.
func joined[T ~string](words []T) string {
	return strings.Join(texts(words), ", ")
}
