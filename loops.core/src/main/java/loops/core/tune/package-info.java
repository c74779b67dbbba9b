/// Finding a learning rate or a batch size before a fit: loops around a fit that try fits of which nothing stays.
///
/// A class belongs here if it stands around the loop that fits and chooses something for it.
package loops.core.tune;
