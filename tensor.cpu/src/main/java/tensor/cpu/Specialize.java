package tensor.cpu;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// Loads private copies of a loop, so that what differs between them is a constant to the compiler in each.
///
/// A loop whose operator is an argument or a field runs 20 to 40 times slower than one whose operator is written into
/// it: the Vector API turns into machine instructions only what it sees as a constant. So each loop is written once,
/// as a *template* class that reads its operator into a `static final` field by [#parameters], and every operator gets
/// a hidden class made from the template's own class file:
///
/// ```java
/// final class BinaryLoop implements BinaryKernel {
///     private static final VectorOperators.Binary OP = (VectorOperators.Binary) Specialize.parameters(MethodHandles.lookup()).get(1);
///     …
/// }
/// BinaryKernel add = Specialize.copy(BinaryLoop.class, BinaryKernel.class, FloatVector.SPECIES_PREFERRED, VectorOperators.ADD);
/// ```
///
/// A template has a constructor without arguments, no nested classes and no lambdas. Calls of its straight methods are
/// [written out][Inlining], so a loop without parameters is a template, too, if it has such methods. What it is copied from is
/// never initialised for that.
final class Specialize {
    private Specialize() {}

    /// {@return an instance of a new copy of `template`} Costs about a millisecond: make each copy once and keep it.
    ///
    /// @param template a class of this package
    /// @param kernel the interface by which the copy is called
    /// @param parameters what the copy gets from [#parameters]
    static <K> K copy(Class<? extends K> template, Class<K> kernel, Object... parameters) {
        try {
            MethodHandles.Lookup copy =
                    MethodHandles.lookup()
                            .defineHiddenClassWithClassData(
                                    Inlining.classFile(template), List.of(parameters), true);
            return kernel.cast(copy.lookupClass().getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Specialize: "
                            + template
                            + " is no template; give it a constructor without arguments",
                    e);
        }
    }

    /// {@return the parameters of the copy that asks, in the order of [#copy]}
    ///
    /// @param copy the caller's own `MethodHandles.lookup()`
    static List<?> parameters(MethodHandles.Lookup copy) {
        try {
            return MethodHandles.classData(copy, ConstantDescs.DEFAULT_NAME, List.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Specialize: " + copy + " is not the caller's own", e);
        }
    }
}
