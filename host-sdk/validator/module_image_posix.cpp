#include "module_image.hpp"

#include <elf.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "crm/error.hpp"

namespace crm::validator {
namespace {

constexpr std::size_t kMaxSymbols = 1'000'000;
constexpr std::size_t kMaxName = 4096;

class Bytes {
  public:
    explicit Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class Record>
    Record at(std::uint64_t offset) const {
        if (offset > bytes_.size() || sizeof(Record) > bytes_.size() - offset) leads_out();
        Record record;
        std::memcpy(&record, bytes_.data() + offset, sizeof(Record));
        return record;
    }
    std::string text(std::uint64_t offset) const {
        if (offset >= bytes_.size()) leads_out();
        const char* const begin = reinterpret_cast<const char*>(bytes_.data()) + offset;
        return {begin, ::strnlen(begin, std::min<std::size_t>(bytes_.size() - offset, kMaxName))};
    }
    [[noreturn]] static void leads_out() {
        throw Error(CRM_INVALID, "the dynamic section leads out of the file");
    }

  private:
    std::span<const std::byte> bytes_;
};

// Addresses in memory → places in the file.
struct Segments {
    std::vector<ElfW(Phdr)> loaded;
    std::uint64_t offset_of(std::uint64_t address) const {
        for (const auto& segment : loaded) {
            if (address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz) {
                return segment.p_offset + (address - segment.p_vaddr);
            }
        }
        Bytes::leads_out();
    }
};

struct Dynamic {
    std::uint64_t symbols = 0;
    std::uint64_t names = 0;
    std::uint64_t gnu_hash = 0;
    std::uint64_t hash = 0;
    std::vector<std::uint64_t> run_paths;
};

// The number of dynamic symbols stands nowhere: it follows from the hash table.
std::size_t symbol_count(const Bytes& bytes, const Segments& segments, const Dynamic& dynamic) {
    if (dynamic.hash != 0) return bytes.at<std::uint32_t>(segments.offset_of(dynamic.hash) + 4);
    if (dynamic.gnu_hash == 0) return 0;
    const std::uint64_t table = segments.offset_of(dynamic.gnu_hash);
    const auto buckets = bytes.at<std::uint32_t>(table);
    const auto first = bytes.at<std::uint32_t>(table + 4);
    const auto bloom = bytes.at<std::uint32_t>(table + 8);
    const std::uint64_t bucket_at = table + 16 + std::uint64_t{bloom} * sizeof(ElfW(Addr));
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < buckets; ++i) {
        last = std::max<std::uint64_t>(last, bytes.at<std::uint32_t>(bucket_at + i * 4));
    }
    if (last < first) return first;
    const std::uint64_t chain_at = bucket_at + std::uint64_t{buckets} * 4;
    while ((bytes.at<std::uint32_t>(chain_at + (last - first) * 4) & 1u) == 0) ++last;
    return last + 1;
}

}  // namespace

ModuleImage::ModuleImage(std::span<const std::byte> image) {
    const Bytes bytes(image);
    const auto header = bytes.at<ElfW(Ehdr)>(0);
    Segments segments;
    std::uint64_t dynamic_at = 0;
    std::uint64_t dynamic_size = 0;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const auto segment = bytes.at<ElfW(Phdr)>(header.e_phoff + std::uint64_t{i} * sizeof(ElfW(Phdr)));
        if (segment.p_type == PT_LOAD) {
            segments.loaded.push_back(segment);
            writable_code_ =
                writable_code_ || ((segment.p_flags & PF_W) != 0 && (segment.p_flags & PF_X) != 0);
        } else if (segment.p_type == PT_DYNAMIC) {
            dynamic_at = segment.p_offset;
            dynamic_size = segment.p_filesz;
        } else if (segment.p_type == PT_GNU_STACK) {
            executable_stack_ = (segment.p_flags & PF_X) != 0;
        } else if (segment.p_type == PT_GNU_RELRO) {
            relro_ = true;
        }
    }
    Dynamic dynamic;
    for (std::uint64_t at = 0; at + sizeof(ElfW(Dyn)) <= dynamic_size; at += sizeof(ElfW(Dyn))) {
        const auto item = bytes.at<ElfW(Dyn)>(dynamic_at + at);
        if (item.d_tag == DT_NULL) break;
        const std::uint64_t value = item.d_un.d_val;
        switch (item.d_tag) {
            case DT_SYMTAB:
                dynamic.symbols = value;
                break;
            case DT_STRTAB:
                dynamic.names = value;
                break;
            case DT_HASH:
                dynamic.hash = value;
                break;
            case DT_GNU_HASH:
                dynamic.gnu_hash = value;
                break;
            case DT_RPATH:
            case DT_RUNPATH:
                dynamic.run_paths.push_back(value);
                break;
            case DT_TEXTREL:
                text_relocations_ = true;
                break;
            case DT_BIND_NOW:
                bind_now_ = true;
                break;
            case DT_FLAGS:
                text_relocations_ = text_relocations_ || (value & DF_TEXTREL) != 0;
                bind_now_ = bind_now_ || (value & DF_BIND_NOW) != 0;
                static_tls_ = (value & DF_STATIC_TLS) != 0;
                break;
            case DT_FLAGS_1:
                bind_now_ = bind_now_ || (value & DF_1_NOW) != 0;
                break;
            default:
                break;
        }
    }
    if (dynamic.symbols == 0 || dynamic.names == 0) return;
    const std::uint64_t names = segments.offset_of(dynamic.names);
    for (const std::uint64_t path : dynamic.run_paths) run_paths_.push_back(bytes.text(names + path));
    const std::uint64_t symbols = segments.offset_of(dynamic.symbols);
    const std::size_t count = symbol_count(bytes, segments, dynamic);
    if (count > kMaxSymbols) throw Error(CRM_INVALID, "more than a million dynamic symbols");
    for (std::size_t i = 1; i < count; ++i) {
        const auto symbol = bytes.at<ElfW(Sym)>(symbols + i * sizeof(ElfW(Sym)));
        const unsigned binding = symbol.st_info >> 4;
        const unsigned type = symbol.st_info & 0xfu;
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || binding == STB_LOCAL) continue;
        exported_.push_back(
            {bytes.text(names + symbol.st_name), type == STT_FUNC, binding == STB_GNU_UNIQUE});
    }
}

}  // namespace crm::validator
