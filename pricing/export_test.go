package pricing

// Read reads what the list prices.
func Read() {
	if _, err := readList(); err != nil {
		panic(err)
	}
}

// ReadRegion reads the prices of a region.
func ReadRegion(region string) {
	if _, err := readColumn(region); err != nil {
		panic(err)
	}
}
