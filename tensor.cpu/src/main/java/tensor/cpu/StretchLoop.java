package tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import tensor.layout.DType;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Writes the class of a loop that computes a [Stretch], vector by vector: each step by the same operation as in its own loop,
/// so the bits are the same.
///
/// ```java
/// MemorySegment source = Native.slice(segments[3], offsets[3]);
/// MemorySegment target = Native.slice(segments[7], offsets[7]);
/// for (int i = 0; i < count; i += LANES) {
///     long at = i * BYTES;
///     FloatVector x = FloatVector.fromMemorySegment(SPECIES_PREFERRED, source, at, order);
///     FloatVector y = x.lanewise(VectorOperators.MUL, half);
///     y.intoMemorySegment(target, at, order);
/// }
/// ```
///
/// Where a number is repeated for each row, this loop is inside of one that goes from row to row, and begins with
/// `FloatVector.broadcast` of the row's number.
final class StretchLoop {
    private static final ClassDesc SELF = of(StretchLoop.class).nested("Written");
    private static final ClassDesc SEGMENT = of(MemorySegment.class);
    private static final ClassDesc ORDER = of(ByteOrder.class);
    private static final ClassDesc SPECIES = of(VectorSpecies.class);
    private static final ClassDesc VECTOR = of(Vector.class);
    private static final ClassDesc MASK = of(VectorMask.class);
    private static final ClassDesc OPERATORS = of(VectorOperators.class);
    private static final ClassDesc LAYOUT = of(ValueLayout.class);

    private final List<Step> steps;
    private final Stretch stretch;
    private final CodeBuilder code;
    private final boolean single;
    private final ClassDesc vector;

    /// Local variables: for each step that is read or written its segment, for each value its vector or mask; else 0.
    private final int[] segments;

    private final int[] values;
    private final int order;
    private final int at;

    private StretchLoop(List<Step> steps, Stretch stretch, CodeBuilder code) {
        this.steps = steps;
        this.stretch = stretch;
        this.code = code;
        this.single = stretch.dtype() == DType.FLOAT32;
        this.vector = of(single ? FloatVector.class : DoubleVector.class);
        this.segments = new int[steps.size()];
        this.values = new int[steps.size()];
        this.order = code.allocateLocal(TypeKind.REFERENCE);
        this.at = code.allocateLocal(TypeKind.LONG);
    }

    /// {@return the loop of a stretch}
    static Kernel of(List<Step> steps, Stretch stretch) {
        byte[] file =
                ClassFile.of()
                        .build(
                                SELF,
                                type ->
                                        type.withFlags(ClassFile.ACC_FINAL)
                                                .withInterfaceSymbols(of(Kernel.class))
                                                .withMethodBody(
                                                        "<init>",
                                                        MTD_void,
                                                        0,
                                                        StretchLoop::constructor)
                                                .withMethodBody(
                                                        "run",
                                                        MethodTypeDesc.of(
                                                                CD_void,
                                                                SEGMENT.arrayType(),
                                                                CD_long.arrayType(),
                                                                CD_int,
                                                                CD_int),
                                                        ClassFile.ACC_PUBLIC,
                                                        code ->
                                                                new StretchLoop(
                                                                                steps, stretch,
                                                                                code)
                                                                        .run()));
        try {
            Class<?> written = MethodHandles.lookup().defineHiddenClass(file, true).lookupClass();
            return (Kernel) written.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("StretchLoop: cannot load the loop of " + stretch, e);
        }
    }

    private static void constructor(CodeBuilder code) {
        code.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_();
    }

    private void run() {
        code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER)).astore(order);
        stretch.reads().forEach(this::place);
        stretch.spreads().forEach(spread -> place(source(spread)));
        stretch.writes().forEach(this::place);
        stretch.members().forEach(this::constants);
        int row = code.allocateLocal(TypeKind.INT);
        int end = code.allocateLocal(TypeKind.INT);
        if (stretch.spreads().isEmpty()) {
            code.iload(code.parameterSlot(2)).iload(code.parameterSlot(3)).imul().istore(end);
            elements(() -> code.iconst_0(), end);
        } else {
            loop(
                    row,
                    () -> code.iconst_0(),
                    code.parameterSlot(2),
                    1,
                    () -> {
                        code.iload(row).iconst_1().iadd().iload(code.parameterSlot(3)).imul();
                        code.istore(end);
                        stretch.spreads().forEach(spread -> repeat(spread, row));
                        elements(() -> code.iload(row).iload(code.parameterSlot(3)).imul(), end);
                    });
        }
        code.return_();
    }

    /// Computes all members, from an element to the one before that in the local variable `end`.
    private void elements(Runnable first, int end) {
        int i = code.allocateLocal(TypeKind.INT);
        loop(
                i,
                first,
                end,
                Loops.species(stretch.dtype()).length(),
                () -> {
                    code.iload(i).i2l().loadConstant(bytes()).lmul().lstore(at);
                    for (int member : stretch.members()) {
                        compute(member);
                        if (stretch.writes().contains(member)) {
                            write(member);
                        }
                    }
                });
    }

    private void loop(int i, Runnable first, int end, int step, Runnable body) {
        Label top = code.newLabel();
        Label done = code.newLabel();
        first.run();
        code.istore(i).labelBinding(top).iload(i).iload(end).if_icmpge(done);
        body.run();
        code.iinc(i, step).goto_(top).labelBinding(done);
    }

    private long bytes() {
        return stretch.dtype().byteSize();
    }

    private int source(int spread) {
        return ((Step.Spread) steps.get(spread)).x();
    }

    /// Takes a row's number into all lanes.
    private void repeat(int spread, int row) {
        int from = source(spread);
        species();
        code.aload(segments[from]);
        code.getstatic(LAYOUT, single ? "JAVA_FLOAT" : "JAVA_DOUBLE", element());
        code.iload(row).i2l().loadConstant(bytes()).lmul();
        ClassDesc number = single ? CD_float : CD_double;
        code.invokeinterface(SEGMENT, "get", type(number, element(), CD_long));
        code.invokestatic(vector, "broadcast", type(vector, SPECIES, number));
        store(spread);
    }

    private ClassDesc element() {
        return of(single ? ValueLayout.OfFloat.class : ValueLayout.OfDouble.class);
    }

    /// Where the values of a step begin.
    private void place(int step) {
        if (segments[step] != 0) {
            return;
        }
        segments[step] = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(code.parameterSlot(0)).loadConstant(step).aaload();
        code.aload(code.parameterSlot(1)).loadConstant(step).laload();
        code.invokestatic(of(Native.class), "slice", type(SEGMENT, SEGMENT, CD_long));
        code.astore(segments[step]);
    }

    private void constants(int member) {
        for (int taken : steps.get(member).takes()) {
            if (steps.get(taken) instanceof Step.Constant constant && values[taken] == 0) {
                species();
                if (single) {
                    code.loadConstant((int) constant.bits());
                    code.invokestatic(of(Float.class), "intBitsToFloat", type(CD_float, CD_int));
                    code.invokestatic(vector, "broadcast", type(vector, SPECIES, CD_float));
                } else {
                    code.loadConstant(constant.bits());
                    code.invokestatic(
                            of(Double.class), "longBitsToDouble", type(CD_double, CD_long));
                    code.invokestatic(vector, "broadcast", type(vector, SPECIES, CD_double));
                }
                store(taken);
            }
        }
    }

    private void compute(int member) {
        for (int taken : steps.get(member).takes()) {
            if (values[taken] == 0) {
                read(taken);
            }
        }
        switch (steps.get(member)) {
            case Step.Map1 map -> {
                load(map.x());
                function(map.op());
            }
            case Step.Map2 map -> {
                load(map.a());
                switch (map.op()) {
                    case ADD -> lanewise("ADD", map.b());
                    case SUB -> lanewise("SUB", map.b());
                    case MUL -> lanewise("MUL", map.b());
                    case DIV -> lanewise("DIV", map.b());
                    case MAX -> lanewise("MAX", map.b());
                    case LESS -> compare("LT", map.b());
                    case EQUAL -> compare("EQ", map.b());
                    case POW -> throw new AssertionError("no stretch has a power");
                }
            }
            case Step.Where where -> {
                load(where.b());
                load(where.a());
                load(where.condition());
                code.invokevirtual(vector, "blend", type(vector, VECTOR, MASK));
            }
            default -> throw new AssertionError("no stretch has " + steps.get(member));
        }
        store(member);
    }

    private void function(UnaryOp op) {
        switch (op) {
            case NEG, SQRT -> {
                operator(op.name(), VectorOperators.Unary.class);
                code.invokevirtual(
                        vector, "lanewise", type(vector, of(VectorOperators.Unary.class)));
            }
            case EXP -> function(Float32Exp.class, Float64Exp.class, "exp");
            case LOG -> function(Float32Log.class, Float64Log.class, "ln");
            case TANH -> function(Float32Tanh.class, Float64Tanh.class, "tanh");
            case ERF -> function(Float32Erf.class, Float64Erf.class, "erf");
            case EXPM1 -> function(Float32Expm1.class, Float64Expm1.class, "expm1");
            case LOG1P -> function(Float32Log1p.class, Float64Log1p.class, "log1p");
            case SIN, COS -> throw new AssertionError("no stretch has " + op);
        }
    }

    private void function(Class<?> forSingle, Class<?> forDouble, String name) {
        Inlining.call(code, single ? forSingle : forDouble, name, type(vector, vector));
    }

    private void lanewise(String name, int b) {
        operator(name, VectorOperators.Binary.class);
        load(b);
        code.invokevirtual(
                vector, "lanewise", type(vector, of(VectorOperators.Binary.class), VECTOR));
    }

    private void compare(String name, int b) {
        operator(name, VectorOperators.Comparison.class);
        load(b);
        code.invokevirtual(
                vector, "compare", type(MASK, of(VectorOperators.Comparison.class), VECTOR));
    }

    private void operator(String name, Class<?> kind) {
        code.getstatic(
                OPERATORS,
                name,
                of(
                        name.equals("ADD") || name.equals("MUL") || name.equals("MAX")
                                ? VectorOperators.Associative.class
                                : kind));
    }

    private void read(int step) {
        species();
        code.aload(segments[step]).lload(at).aload(order);
        code.invokestatic(
                vector, "fromMemorySegment", type(vector, SPECIES, SEGMENT, CD_long, ORDER));
        store(step);
    }

    private void write(int member) {
        load(member);
        code.aload(segments[member]).lload(at).aload(order);
        code.invokevirtual(vector, "intoMemorySegment", type(CD_void, SEGMENT, CD_long, ORDER));
    }

    private void species() {
        code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
    }

    private void load(int step) {
        code.aload(values[step]);
    }

    private void store(int step) {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        values[step] = local;
        code.astore(local);
    }

    private static MethodTypeDesc type(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }

    private static ClassDesc of(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /// The loop.
    interface Kernel {
        /// Computes so many elements of each value; may run over by less than a vector.
        ///
        /// @param segments where the values of all steps are
        /// @param offsets where they begin there, in bytes
        /// @param rows how many rows there are
        /// @param row how many elements each has
        void run(MemorySegment[] segments, long[] offsets, int rows, int row);
    }
}
