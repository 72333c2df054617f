#include <algorithm>
#include <array>
#include <boost/dll/runtime_symbol_info.hpp>

#include "check_process.hpp"
#include "child.hpp"
#include "crm/error.hpp"
#include "windows_process.hpp"
#include "windows_self.hpp"
#include "windows_text.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
using detail::Descriptor;
using detail::handle_of;

constexpr std::size_t kMaxAnswer = 1'000'000;

// What the child prints, gone with its last handle.
Descriptor make_output(const fs::path& scratch) {
    SECURITY_ATTRIBUTES inherited{};
    inherited.nLength = sizeof inherited;
    inherited.bInheritHandle = TRUE;
    constexpr DWORD kShare = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    Descriptor output = detail::owned(
        ::CreateFileW((scratch / "output").c_str(), GENERIC_READ | GENERIC_WRITE | DELETE, kShare, &inherited,
                      CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr));
    if (output.get() == detail::kNoFile) {
        throw Error(CRM_INTERNAL,
                    "making a file for a check's output failed: " + detail::last_windows_reason());
    }
    return output;
}

detail::Environment environment_in(const fs::path& scratch, HANDLE answer) {
    const std::vector<std::wstring> homes{L"APPDATA", L"LOCALAPPDATA", L"USERPROFILE"};
    const std::vector<std::wstring> temporary{L"TEMP", L"TMP"};
    std::vector<std::wstring> replaced = homes;
    replaced.insert(replaced.end(), temporary.begin(), temporary.end());
    detail::Environment environment;
    environment.add_all_own_but(replaced);
    for (const auto& name : homes) environment.add(name, (scratch / "home").wstring());
    for (const auto& name : temporary) environment.add(name, (scratch / "tmp").wstring());
    environment.add_answer(answer);
    return environment;
}

}  // namespace

struct CheckProcess::State {
    State(const std::vector<std::string>& arguments, const fs::path& scratch, detail::Pipe pipe)
        : answer(std::move(pipe.read_end)),
          output(make_output(scratch)),
          nothing(detail::open_nothing()),
          process({.program = boost::dll::program_location(),
                   .arguments = arguments,
                   .environment = environment_in(scratch, handle_of(pipe.write_end)),
                   .folder = scratch / "work",
                   .input = handle_of(nothing),
                   .output = handle_of(output),
                   .answer = handle_of(pipe.write_end),
                   .memory = 2 * kMaxResident}) {}

    Descriptor answer;
    Descriptor output;
    Descriptor nothing;
    detail::JobProcess process;
    std::string text;
};

CheckProcess::CheckProcess(const std::vector<std::string>& arguments, const fs::path& scratch)
    : state_(std::make_unique<State>(arguments, scratch, detail::make_answer_pipe())) {}

CheckProcess::~CheckProcess() = default;

std::optional<CheckProcess::End> CheckProcess::ended() {
    if (!state_->process.ended_within(std::chrono::milliseconds(0))) return std::nullopt;
    state_->process.end();  // what it may have left behind
    const DWORD status = state_->process.status();
    if (detail::is_crash(status)) return End{0, "ended the process by status " + detail::crash_text(status)};
    return End{static_cast<int>(status), {}};
}

void CheckProcess::end() {
    state_->process.end();
}

const std::string& CheckProcess::answer() {
    state_->text += detail::read_available(state_->answer, kMaxAnswer - state_->text.size());
    return state_->text;
}

std::string CheckProcess::last_output() const {
    LARGE_INTEGER size{};
    std::array<char, 300> buffer;
    ::GetFileSizeEx(handle_of(state_->output), &size);
    const LONGLONG from = std::max<LONGLONG>(0, size.QuadPart - static_cast<LONGLONG>(buffer.size()));
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(from);
    place.OffsetHigh = static_cast<DWORD>(from >> 32);
    DWORD got = 0;
    if (::ReadFile(handle_of(state_->output), buffer.data(), static_cast<DWORD>(buffer.size()), &got,
                   &place) == 0) {
        return {};
    }
    return {buffer.data(), got};
}

std::uint64_t CheckProcess::resident() const {
    return state_->process.resident();
}

// Its memory and its life are limited by the parent's job.
void limit_this_process(std::uint64_t, const fs::path&) {
    detail::crash_quietly();
    detail::answer_handle();
}

void answer_and_leave(const std::string& answer) {
    DWORD written = 0;
    ::WriteFile(detail::answer_handle(), answer.data(), static_cast<DWORD>(answer.size()), &written, nullptr);
    detail::leave_at_once();
}

}  // namespace crm::validator
