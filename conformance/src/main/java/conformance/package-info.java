/// The command that runs a case file and reports.
package conformance;
