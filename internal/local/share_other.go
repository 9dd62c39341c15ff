//go:build !unix

package local

import "context"

// Without locks of files each command has a service of its own.

func enter(string) (leave func(), ok bool) { return nil, false }

func alone(context.Context, string, func(string, ...any)) (free func()) { return func() {} }
