/// What a tensor looks like from outside its numbers: element type, shape, and where each element
/// lies.
///
/// A class belongs here if it needs neither memory nor a device.
package tensor.layout;
