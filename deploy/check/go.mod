module github.com/consolesensei/resource-tracker/deploy/check

go 1.26.0
