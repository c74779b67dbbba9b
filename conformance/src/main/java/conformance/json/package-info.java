/// JSON values and how they are read: what stands in a case file, nothing about what it means.
package conformance.json;
