// A libcublas with the one product that we use, as its documentation says, element by element.
#include <cstddef>
#include <dlfcn.h>
#include <functional>

namespace {
int handle_of_all;
void *stream_of_all;
bool has_workspace;

// Whether the stream only records; then the call is its.
bool is_recorded(std::function<int()> call) {
    void *cuda = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    auto records = (bool (*)(void *, std::function<int()> *))dlsym(cuda, "fake_records");
    return records(stream_of_all, &call);
}

template <class T>
void multiply(bool a_turned, bool b_turned, int m, int n, int k, T alpha, const T *a, int lda, const T *b, int ldb, T beta,
              T *c, int ldc) {
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
            T sum = 0;
            for (int l = 0; l < k; l++) {
                sum += (a_turned ? a[l + (size_t)i * lda] : a[i + (size_t)l * lda]) *
                       (b_turned ? b[j + (size_t)l * ldb] : b[l + (size_t)j * ldb]);
            }
            T &to = c[i + (size_t)j * ldc];
            to = alpha * sum + (beta == 0 ? 0 : beta * to);
        }
    }
}

template <class T>
void batch(bool a_turned, bool b_turned, int m, int n, int k, const void *alpha, const void *a, int lda, long long a_next,
           const void *b, int ldb, long long b_next, const void *beta, void *c, int ldc, long long c_next, int count) {
    for (int i = 0; i < count; i++) {
        multiply(a_turned, b_turned, m, n, k, *(const T *)alpha, (const T *)a + i * a_next, lda, (const T *)b + i * b_next,
                 ldb, *(const T *)beta, (T *)c + i * c_next, ldc);
    }
}
} // namespace

extern "C" {
int cublasCreate_v2(void **handle) {
    *handle = &handle_of_all;
    return 0;
}

int cublasSetStream_v2(void *, void *stream) {
    stream_of_all = stream;
    has_workspace = false;
    return 0;
}

int cublasSetWorkspace_v2(void *, void *workspace, size_t bytes) {
    has_workspace = workspace && bytes;
    return has_workspace ? 0 : 7;
}

int cublasGetProperty(int which, int *value) {
    *value = which == 0 ? 13 : 0;
    return 0;
}

int cublasGemmStridedBatchedEx(void *, int a_turned, int b_turned, int m, int n, int k, const void *alpha, const void *a,
                               int a_type, int lda, long long a_next, const void *b, int b_type, int ldb,
                               long long b_next, const void *beta, void *c, int c_type, int ldc, long long c_next,
                               int count, int arithmetic, int) {
    const bool is_double = a_type == 1;
    if (a_type != b_type || a_type != c_type || (is_double ? arithmetic != 70 : arithmetic < 68) ||
        lda < (a_turned ? k : m) || ldb < (b_turned ? n : k) || ldc < m) {
        return 7; // CUBLAS_STATUS_INVALID_VALUE
    }
    if (!has_workspace) {
        return 1; // CUBLAS_STATUS_NOT_INITIALIZED
    }
    auto call = [=] {
        (is_double ? batch<double> : batch<float>)(a_turned, b_turned, m, n, k, alpha, a, lda, a_next, b, ldb, b_next, beta,
                                                   c, ldc, c_next, count);
        return 0;
    };
    return is_recorded(call) ? 0 : call();
}
}
