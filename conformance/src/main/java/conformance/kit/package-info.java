/// What scenarios are built of: loops and modules that record what happens to them, and the forms in which cases want
/// to see it.
package conformance.kit;
