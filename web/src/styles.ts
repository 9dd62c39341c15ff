// Styles of the components that the console uses, in the order that Mantine wants.
import '@mantine/core/styles.css'
import './app.css'
