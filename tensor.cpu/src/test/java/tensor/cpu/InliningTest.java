package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InliningTest {
    @Test
    void aStraightMethodIsWrittenOut() {
        LongUnaryOperator copy = Specialize.copy(Straight.class, LongUnaryOperator.class);

        assertEquals(new Straight().applyAsLong(7), copy.applyAsLong(7));
        assertEquals(5, copy.applyAsLong(7));
        assertEquals(List.of(), calls(Straight.class));
    }

    @Test
    void aMethodWithABranchStaysACall() {
        LongUnaryOperator copy = Specialize.copy(Branched.class, LongUnaryOperator.class);

        assertEquals(3, copy.applyAsLong(-3));
        assertEquals(List.of("size"), calls(Branched.class));
    }

    @Test
    void onlyAStraightMethodCanBePutDown() {
        var type = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                ClassFile.of()
                                        .build(
                                                ConstantDescs.CD_Object,
                                                made ->
                                                        made.withMethodBody(
                                                                "f",
                                                                type,
                                                                ClassFile.ACC_STATIC,
                                                                code ->
                                                                        Inlining.call(
                                                                                code,
                                                                                Branched.class,
                                                                                "size",
                                                                                type))));

        assertEquals(
                "Inlining: Branched.size(long)long is not straight; take the branch out of it",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Float32Exp.class,
                Float32Log.class,
                Float32Tanh.class,
                Float32Erf.class,
                Float32Expm1.class,
                Float32Log1p.class,
                Float32RowFold.class,
                Float32Transpose.class,
                Float64Exp.class,
                Float64Log.class,
                Float64Tanh.class,
                Float64Erf.class,
                Float64Expm1.class,
                Float64Log1p.class,
                Float64Transpose.class
            })
    void noVectorIsPassedToAMethodOfOurs(Class<?> loop) {
        assertEquals(
                List.of(), calls(loop).stream().filter(call -> call.contains("Vector")).toList());
    }

    /// The methods of this package that are called within those of a class.
    private static List<String> calls(Class<?> type) {
        return ClassFile.of().parse(Inlining.classFile(type)).methods().stream()
                .filter(method -> method.code().isPresent())
                .flatMap(method -> method.code().get().elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .filter(call -> call.owner().asSymbol().packageName().equals("tensor.cpu"))
                .map(call ->
                        call.typeSymbol().displayDescriptor().contains("Vector")
                                ? call.name() + call.typeSymbol().displayDescriptor()
                                : call.name().stringValue())
                .toList();
    }

    static final class Straight implements LongUnaryOperator {
        @Override
        public long applyAsLong(long x) {
            long before = sum(x, 2, 3.0);
            return before - product((int) x - 1, 5) + sum(0, 5, 4);
        }

        private static long sum(long a, int b, double c) {
            long twice = 2 * a;
            int more = b;
            more++;
            return twice + more * (long) c;
        }

        private static long product(int a, long b) {
            return sum(a, (int) b, (double) b);
        }
    }

    static final class Branched implements LongUnaryOperator {
        @Override
        public long applyAsLong(long x) {
            return size(x);
        }

        static long size(long x) {
            return x < 0 ? -x : x;
        }
    }
}
