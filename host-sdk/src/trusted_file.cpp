#include "trusted_file.hpp"

#include "refuse.hpp"

namespace crm::detail {

std::string read_trusted_text(const std::filesystem::path& file, const std::string& kind,
                              std::size_t largest) {
    const OpenFile opened = open_trusted(file, kind);
    if (opened.size > largest) {
        refuse(file, "a " + kind + " of at most " + std::to_string(largest / 1024) + " KiB",
               std::to_string(opened.size) + " bytes", "Put the right " + kind + " there");
    }
    const SealedFile copy(opened.descriptor.get(), static_cast<std::size_t>(opened.size), file);
    const std::span<const std::byte> bytes = copy.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace crm::detail
