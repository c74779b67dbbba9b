/// Runs [tensor.testkit.BackendConformance], or every kernel once, on a device that is named.
package gpucheck;
