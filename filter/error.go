package filter

import (
	"cmp"
	"fmt"
)

// Place is where something stands in a filter as it was written: in a query at a
// character, counted from 1, or in JSON at a path such as "and[1].tag.key".
type Place struct {
	Char int
	Path string
}

func (p Place) String() string {
	if p.Char > 0 {
		return fmt.Sprintf("character %d", p.Char)
	}
	return p.Path
}

// Error says what is wrong with a filter, and where.
type Error struct {
	Place
	Message string
	// Unknown is a name that there is not, and Known are those that there are.
	Unknown string
	Known   []string
}

func (e *Error) Error() string {
	return cmp.Or(e.String(), "filter") + ": " + e.Message
}

func errorf(at Place, format string, args ...any) *Error {
	return &Error{Place: at, Message: fmt.Sprintf(format, args...)}
}
