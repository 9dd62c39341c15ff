package scanners

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	smithytime "github.com/aws/smithy-go/time"
)

// errForeign says that a document is not written the way EC2 writes: it may be
// right and mean something, but not to this reader.
var errForeign = errors.New("XML of another style")

// xmlReader reads XML the way EC2 writes it: elements of plain names without
// attributes, that hold elements or text. At all else it stops with errForeign.
// What is not kept is only held to be nested well.
type xmlReader struct {
	doc []byte
	at  int
}

// xmlTag is the start or the end of an element.
type xmlTag struct {
	name       []byte
	end, empty bool // </name>, <name/>
}

// tag returns the next tag, passing over the text before it.
func (r *xmlReader) tag() (t xmlTag, err error) {
	i := bytes.IndexByte(r.doc[r.at:], '<')
	if i < 0 {
		return t, errForeign
	}
	r.at += i + 1
	i = bytes.IndexByte(r.doc[r.at:], '>')
	if i < 0 {
		return t, errForeign
	}
	t.name = r.doc[r.at : r.at+i]
	r.at += i + 1
	if name, ok := bytes.CutPrefix(t.name, []byte("/")); ok {
		t.name, t.end = name, true
	} else {
		t.name, t.empty = bytes.CutSuffix(t.name, []byte("/"))
	}
	if len(t.name) == 0 {
		return t, errForeign
	}
	for i, c := range t.name {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return t, errForeign
		}
	}
	return t, nil
}

// text returns the text of an element that has been begun, and ends it.
func (r *xmlReader) text(t xmlTag) (string, error) {
	if t.empty {
		return "", nil
	}
	i := bytes.IndexByte(r.doc[r.at:], '<')
	if i < 0 {
		return "", errForeign
	}
	raw := r.doc[r.at : r.at+i]
	r.at += i
	if end, err := r.tag(); err != nil || !end.end || !bytes.Equal(end.name, t.name) {
		return "", errForeign
	}
	plain := true
	for _, c := range raw {
		if c < 0x20 || c == ']' || c == '&' || c >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return string(raw), nil
	}
	return unescaped(string(raw))
}

// unescaped checks text that is not plain ASCII, as the SDK would, and resolves the
// five entities that every XML has.
func unescaped(s string) (string, error) {
	strange := func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF }
	if !utf8.ValidString(s) || strings.Contains(s, "]]>") || strings.ContainsFunc(s, strange) {
		return "", errForeign
	}
	known := 0
	for _, e := range entities {
		known += strings.Count(s, e[0])
	}
	if known != strings.Count(s, "&") {
		return "", errForeign
	}
	for _, e := range entities {
		s = strings.ReplaceAll(s, e[0], e[1])
	}
	return s, nil
}

// entities end with the ampersand, which may be followed by the name of another.
var entities = [...][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&apos;", "'"}, {"&amp;", "&"}}

// skip ends an element that has been begun, with all that it holds.
func (r *xmlReader) skip(t xmlTag) error {
	open := make([][]byte, 0, 8)
	for {
		switch {
		case t.end:
			last := len(open) - 1
			if !bytes.Equal(open[last], t.name) {
				return errForeign
			}
			open = open[:last]
		case !t.empty:
			open = append(open, t.name)
		}
		if len(open) == 0 {
			return nil
		}
		var err error
		if t, err = r.tag(); err != nil {
			return err
		}
	}
}

// keep puts an element that has been begun into v, and ends it.
type keep[T any] func(r *xmlReader, t xmlTag, v *T) error

// shape says which of an element's children are kept.
type shape[T any] map[string]keep[T]

func (s shape[T]) read(r *xmlReader, t xmlTag, v *T) error {
	for !t.empty {
		child, err := r.tag()
		switch {
		case err != nil:
			return err
		case child.end && bytes.Equal(child.name, t.name):
			return nil
		case child.end:
			return errForeign
		}
		if keep, ok := s[string(child.name)]; ok {
			err = keep(r, child, v)
		} else if err = s.unlike(child); err == nil {
			err = r.skip(child)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unlike refuses a child whose name differs from a kept one in case only: the SDK
// takes it for that.
func (s shape[T]) unlike(child xmlTag) error {
	for name := range s {
		if len(name) == len(child.name) && strings.EqualFold(name, string(child.name)) {
			return errForeign
		}
	}
	return nil
}

func keepText[T any](of func(*T) **string) keep[T] {
	return func(r *xmlReader, t xmlTag, v *T) error {
		s, err := r.text(t)
		*of(v) = &s
		return err
	}
}

func keepName[T any, E ~string](of func(*T) *E) keep[T] {
	return func(r *xmlReader, t xmlTag, v *T) error {
		s, err := r.text(t)
		*of(v) = E(s)
		return err
	}
}

// keepParsed is for what the SDK gives a type of its own; text that it would
// refuse is left to it.
func keepParsed[T, F any](of func(*T) **F, parse func(string) (F, error)) keep[T] {
	return func(r *xmlReader, t xmlTag, v *T) error {
		s, err := r.text(t)
		if err != nil {
			return err
		}
		f, err := parse(s)
		if err != nil {
			return errForeign
		}
		*of(v) = &f
		return nil
	}
}

func keepTime[T any](of func(*T) **time.Time) keep[T] {
	return keepParsed(of, smithytime.ParseDateTime)
}

func keepBool[T any](of func(*T) **bool) keep[T] { return keepParsed(of, strconv.ParseBool) }

func keepInt[T any](of func(*T) **int32) keep[T] {
	return keepParsed(of, func(s string) (int32, error) {
		n, err := strconv.ParseInt(s, 10, 32)
		return int32(n), err
	})
}

// keepParts is for an element that holds others.
func keepParts[T, F any](of func(*T) **F, s shape[F]) keep[T] {
	return func(r *xmlReader, t xmlTag, v *T) error {
		if *of(v) == nil {
			*of(v) = new(F)
		}
		return s.read(r, t, *of(v))
	}
}

// keepItems is for a list: an element that holds <item>s.
func keepItems[T, F any](of func(*T) *[]F, s shape[F]) keep[T] {
	items := shape[[]F]{"item": func(r *xmlReader, t xmlTag, list *[]F) error {
		*list = append(*list, *new(F))
		return s.read(r, t, &(*list)[len(*list)-1])
	}}
	return func(r *xmlReader, t xmlTag, v *T) error {
		if *of(v) == nil {
			*of(v) = []F{}
		}
		return items.read(r, t, of(v))
	}
}
