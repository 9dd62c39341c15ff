package inventory_test

import (
	"os"
	"testing"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

func TestMain(m *testing.M) { os.Exit(historytest.Run(m)) }
