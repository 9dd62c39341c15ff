package tracker

import (
	"errors"
	"fmt"
)

// Code is a class of error that a caller can act on.
type Code string

// The codes of errors. Anything without one is CodeInternal.
const (
	CodeInternal    Code = "internal"    // ours; the text stays in the log
	CodeInvalid     Code = "invalid"     // the request cannot be understood
	CodeNotFound    Code = "not_found"   // no such thing, or not the caller's
	CodeForbidden   Code = "forbidden"   // the caller may not
	CodeConflict    Code = "conflict"    // the thing's state forbids it
	CodeUnavailable Code = "unavailable" // a part is down: try again
	CodeQuota       Code = "quota"       // a quota is used up
)

// Error is an error that a user may read.
type Error struct {
	Code    Code
	Field   string // the request field or setting at fault, if one is
	Message string
	Quota   *QuotaUse // what is used up, of CodeQuota
	Err     error     // the cause, for logs; not shown to users
}

func (e *Error) Error() string {
	if e.Field != "" {
		return e.Field + ": " + e.Message
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of code with a formatted message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid returns a CodeInvalid Error about one field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of err, or CodeInternal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
