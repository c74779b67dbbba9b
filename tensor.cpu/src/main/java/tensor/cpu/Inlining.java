package tensor.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the code of our straight static methods in the place of their calls.
///
/// A vector that is passed to a method becomes an object, of 128 bytes, unless the compiler inlines the method. The Vector API's
/// own are inlined always; ours are not where they were compiled by themselves before, or where the compiler has met a call of
/// them too seldom: then a loop runs ten times slower, until the end of the process. Written out they are no methods any more.
///
/// A method is *straight* if it is static and goes from its first instruction to its last, without a branch.
final class Inlining {
    private static final String PACKAGE = Inlining.class.getPackageName();

    /// By the names of their classes.
    private final Map<ClassDesc, ClassModel> models = new HashMap<>();

    /// {@return the class file of a class of this package, in which calls of straight methods are written out}
    static byte[] classFile(Class<?> type) {
        var inlining = new Inlining();
        ClassModel model = inlining.model(type.describeConstable().orElseThrow());
        return ClassFile.of()
                .transformClass(model, ClassTransform.transformingMethodBodies(inlining::put));
    }

    /// Puts an instruction down, or what it calls.
    private void put(CodeBuilder code, CodeElement element) {
        Optional<MethodModel> called =
                element instanceof InvokeInstruction call ? straight(call) : Optional.empty();
        called.ifPresentOrElse(method -> put(code, method), () -> code.with(element));
    }

    /// Puts a method of this package down, which is straight; its arguments are on the stack, and then its result.
    static void call(CodeBuilder code, Class<?> owner, String name, MethodTypeDesc type) {
        var inlining = new Inlining();
        ClassDesc of = owner.describeConstable().orElseThrow();
        MethodModel method =
                inlining.method(of, name, type)
                        .filter(Inlining::isStraight)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "Inlining: %s.%s%s is not straight; take the branch out of it"
                                                .formatted(
                                                        owner.getSimpleName(),
                                                        name,
                                                        type.displayDescriptor())));
        inlining.put(code, method);
    }

    private Optional<MethodModel> straight(InvokeInstruction call) {
        return call.owner().asSymbol().packageName().equals(PACKAGE)
                ? method(call.owner().asSymbol(), call.name().stringValue(), call.typeSymbol())
                        .filter(Inlining::isStraight)
                : Optional.empty();
    }

    private Optional<MethodModel> method(ClassDesc owner, String name, MethodTypeDesc type) {
        return model(owner).methods().stream()
                .filter(method -> method.methodName().equalsString(name))
                .filter(method -> method.methodTypeSymbol().equals(type))
                .findFirst();
    }

    private static boolean isStraight(MethodModel method) {
        if (!method.flags().has(AccessFlag.STATIC) || method.code().isEmpty()) {
            return false;
        }
        List<CodeElement> body = method.code().get().elementList();
        List<CodeElement> instructions =
                body.stream().filter(Instruction.class::isInstance).toList();
        return body.stream().noneMatch(Inlining::turns)
                && instructions.stream().filter(ReturnInstruction.class::isInstance).count() == 1
                && instructions.getLast() instanceof ReturnInstruction;
    }

    private static boolean turns(CodeElement element) {
        return switch (element) {
            case BranchInstruction _,
                    LookupSwitchInstruction _,
                    TableSwitchInstruction _,
                    ThrowInstruction _,
                    MonitorInstruction _,
                    ExceptionCatch _ ->
                    true;
            default -> false;
        };
    }

    /// Gives the arguments to local variables, and puts the instructions down with variables of their own.
    private void put(CodeBuilder code, MethodModel method) {
        Map<Variable, Integer> variables = new HashMap<>();
        List<ClassDesc> parameters = method.methodTypeSymbol().parameterList();
        int slot = 0;
        for (ClassDesc parameter : parameters) {
            slot += TypeKind.from(parameter).slotSize();
        }
        for (ClassDesc parameter : parameters.reversed()) {
            TypeKind kind = TypeKind.from(parameter).asLoadable();
            slot -= kind.slotSize();
            code.storeLocal(kind, local(code, variables, slot, kind));
        }
        for (CodeElement element : method.code().orElseThrow()) {
            switch (element) {
                case LoadInstruction load ->
                        code.loadLocal(
                                load.typeKind(),
                                local(code, variables, load.slot(), load.typeKind()));
                case StoreInstruction store ->
                        code.storeLocal(
                                store.typeKind(),
                                local(code, variables, store.slot(), store.typeKind()));
                case IncrementInstruction increment ->
                        code.iinc(
                                local(code, variables, increment.slot(), TypeKind.INT),
                                increment.constant());
                case ReturnInstruction _ -> {}
                case Instruction other -> put(code, other);
                default -> {} // lines and names of the method itself
            }
        }
    }

    /// A local variable of the method.
    private record Variable(int slot, TypeKind kind) {}

    private static int local(
            CodeBuilder code, Map<Variable, Integer> variables, int slot, TypeKind kind) {
        return variables.computeIfAbsent(new Variable(slot, kind), _ -> code.allocateLocal(kind));
    }

    private ClassModel model(ClassDesc type) {
        return models.computeIfAbsent(type, _ -> ClassFile.of().parse(bytes(type)));
    }

    private static byte[] bytes(ClassDesc type) {
        String descriptor = type.descriptorString();
        String name =
                descriptor.substring(descriptor.lastIndexOf('/') + 1, descriptor.length() - 1);
        try (InputStream in = Inlining.class.getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new IllegalStateException(
                        "Inlining: the class file of " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
