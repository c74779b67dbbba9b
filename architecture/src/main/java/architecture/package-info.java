/// The rules that the class files of all modules keep, each with a test that shows it a breach.
package architecture;
