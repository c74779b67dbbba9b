/// A saved run on disk: a folder that is there whole or not at all.
///
/// A class belongs here if it reads or writes such a folder.
package loops.core.checkpoint;
