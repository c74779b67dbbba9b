// A libnvrtc that makes code for this processor: what it is given is compiled by g++ behind a prelude, in which a thread of
// a group is a call. The result is a shared library, behind a mark and its length.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace {
const char *const PRELUDE = R"(
#define __global__ A_KERNEL
#define __device__
#define __shared__ static
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(bytes) __attribute__((aligned(bytes)))
struct Place3 { unsigned x, y, z; };
struct FakeThread { Place3 thread, block, size; void (*wait)(); };
extern "C" { FakeThread *fake_thread; }
#define threadIdx (fake_thread->thread)
#define blockIdx (fake_thread->block)
#define blockDim (fake_thread->size)
static inline void __syncthreads() { fake_thread->wait(); }
static inline unsigned __float_as_uint(float x) { unsigned b; __builtin_memcpy(&b, &x, 4); return b; }
static inline float __uint_as_float(unsigned b) { float x; __builtin_memcpy(&x, &b, 4); return x; }
static inline long long __double_as_longlong(double x) { long long b; __builtin_memcpy(&b, &x, 8); return b; }
static inline double __longlong_as_double(long long b) { double x; __builtin_memcpy(&x, &b, 8); return x; }
static inline int atomicOr(int *at, int bits) { int old = *at; *at |= bits; return old; }
extern "C" {
double pow(double, double);
#define FUNCTION(name) double name(double); float name##f(float);
FUNCTION(exp) FUNCTION(log) FUNCTION(sin) FUNCTION(cos) FUNCTION(sqrt) FUNCTION(tanh)
FUNCTION(expm1) FUNCTION(log1p) FUNCTION(erf)
#undef FUNCTION
}
static inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
)";

// How a kernel is called with the addresses of its arguments.
const char *const CALLS = R"(
template <int... I> struct Indices {};
template <int N, int... I> struct Count : Count<N - 1, N - 1, I...> {};
template <int... I> struct Count<0, I...> { typedef Indices<I...> Type; };
template <class... A, int... I>
static void call_with(void (*kernel)(A...), void **at, Indices<I...>) { kernel(*(A *)at[I]...); }
template <class... A>
static int sizes(void (*)(A...), unsigned long *size) {
    unsigned long all[] = {sizeof(A)..., 0};
    for (unsigned i = 0; i < sizeof...(A); i++) {
        size[i] = all[i];
    }
    return (int)sizeof...(A);
}
template <class... A>
static void call(void (*kernel)(A...), void **at) { call_with(kernel, at, typename Count<sizeof...(A)>::Type()); }
)";

struct Program {
    std::string text;
    std::string log;
    std::string code;
};

std::string contents(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

int run(const std::string &command) { return std::system(command.c_str()); }

// The names of the kernels in a text behind the preprocessor, each as a function that takes the addresses of arguments.
std::string calls(const std::string &text) {
    std::string all = CALLS;
    const std::string mark = "A_KERNEL";
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        at = text.find("void", at) + 4;
        size_t end = text.find('(', at);
        size_t first = text.find_first_not_of(" \t\n", at);
        size_t last = text.find_last_not_of(" \t\n", end - 1);
        std::string name = text.substr(first, last - first + 1);
        all += "extern \"C\" void call_" + name + "(void **at) { call(" + name + ", at); }\n";
        all += "extern \"C\" int sizes_" + name + "(unsigned long *size) { return sizes(" + name + ", size); }\n";
    }
    return all;
}

int compile(Program *program) {
    char folder[] = "/tmp/fake-nvrtc-XXXXXX";
    if (!mkdtemp(folder)) {
        return 3;
    }
    const std::string in = folder;
    std::ofstream(in + "/all.cpp") << PRELUDE << "#line 1 \"kernels.cu\"\n" << program->text;
    int status = run("g++ -E " + in + "/all.cpp -o " + in + "/plain.cpp 2>" + in + "/log");
    if (status == 0) {
        const std::string text = contents(in + "/plain.cpp");
        std::ofstream(in + "/kernels.cpp") << "#define A_KERNEL\n" << text << calls(text);
        status = run("g++ -w -O1 -ffp-contract=off -mfma -std=c++17 -shared -fPIC " + in + "/kernels.cpp -o " + in +
                     "/kernels.so 2>" + in + "/log");
    }
    program->log = contents(in + "/log");
    if (status == 0) {
        const std::string library = contents(in + "/kernels.so");
        const size_t length = library.size();
        program->code = std::string("FAKE") + std::string((const char *)&length, sizeof length) + library;
    }
    run("rm -r " + in);
    return status == 0 ? 0 : 6; // NVRTC_ERROR_COMPILATION
}
} // namespace

extern "C" {
int nvrtcVersion(int *major, int *minor) {
    *major = 13;
    *minor = 0;
    return 0;
}

int nvrtcGetNumSupportedArchs(int *count) {
    *count = 3;
    return 0;
}

int nvrtcGetSupportedArchs(int *all) {
    all[0] = 75;
    all[1] = 80;
    all[2] = 90;
    return 0;
}

int nvrtcCreateProgram(Program **program, const char *text, const char *, int, const char *const *, const char *const *) {
    *program = new Program{text, "", ""};
    return 0;
}

int nvrtcCompileProgram(Program *program, int count, const char *const *options) {
    for (int i = 0; i < count; i++) {
        const std::string option = options[i];
        if (option.rfind("--gpu-architecture=", 0) != 0 && option != "--fmad=false" && option != "--std=c++17") {
            program->log = "unknown option " + option;
            return 5; // NVRTC_ERROR_INVALID_OPTION
        }
    }
    return compile(program);
}

int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    *size = program->log.size() + 1;
    return 0;
}

int nvrtcGetProgramLog(Program *program, char *log) {
    std::strcpy(log, program->log.c_str());
    return 0;
}

int nvrtcGetCUBINSize(Program *program, size_t *size) {
    *size = program->code.size();
    return 0;
}

int nvrtcGetCUBIN(Program *program, char *code) {
    std::memcpy(code, program->code.data(), program->code.size());
    return 0;
}

int nvrtcGetPTXSize(Program *program, size_t *size) { return nvrtcGetCUBINSize(program, size); }

int nvrtcGetPTX(Program *program, char *code) { return nvrtcGetCUBIN(program, code); }

int nvrtcDestroyProgram(Program **program) {
    delete *program;
    *program = nullptr;
    return 0;
}
}
