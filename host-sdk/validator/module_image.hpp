// What a module tells the system's loader: its exported symbols, flags and segments. Bounded, since the file
// is not trusted. Call detail::check_whole_image first: segments are taken to lie inside the file.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace crm::validator {

// Whether modules of this system are ELF files. Windows' have no unique symbols, no run paths, no other
// storage for threads, and are relocated by design.
#ifdef _WIN32
inline constexpr bool kElf = false;
#else
inline constexpr bool kElf = true;
#endif

class ModuleImage {
  public:
    // Throws crm::Error(CRM_INVALID) when the dynamic section leads out of the file or is beyond all measure.
    explicit ModuleImage(std::span<const std::byte> bytes);

    struct Symbol {
        std::string name;
        bool function;
        bool unique;
    };
    // Symbols other libraries can see; version names are left out.
    const std::vector<Symbol>& exported() const { return exported_; }
    bool text_relocations() const { return text_relocations_; }
    bool bind_now() const { return bind_now_; }
    bool static_tls() const { return static_tls_; }
    bool executable_stack() const { return executable_stack_; }
    bool relro() const { return relro_; }
    bool writable_code() const { return writable_code_; }
    // Folders the loader searches for libraries first, as written.
    const std::vector<std::string>& run_paths() const { return run_paths_; }

  private:
    std::vector<Symbol> exported_;
    std::vector<std::string> run_paths_;
    bool text_relocations_ = false;
    bool bind_now_ = false;
    bool static_tls_ = false;
    bool executable_stack_ = true;  // what a file without PT_GNU_STACK gets
    bool relro_ = false;
    bool writable_code_ = false;
};

}  // namespace crm::validator
