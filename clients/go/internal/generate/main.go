// Generate prints the API's document as the generator of the Go client needs it.
package main

import (
	"fmt"
	"os"

	"github.com/consolesensei/resource-tracker/api"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	document, err := api.OpenAPI(api.Options{})
	if err != nil {
		return err
	}
	simple, err := simplified(document)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(simple, '\n'))
	return err
}
