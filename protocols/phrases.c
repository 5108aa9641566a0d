#include "protocols/phrases.h"

#include <glib.h>
#include <string.h>

enum { ENGLISH, POLISH, SPANISH, ARABIC, CHINESE, N_LANGUAGES };

static const char *const LANGUAGES[N_LANGUAGES] = {"en", "pl", "es", "ar", "zh"};

typedef struct {
  const char *key, *words[N_LANGUAGES];
} Words;

static const Words WORDS[N_PHRASES] = {
    [PHRASE_CONTINUE] = {"continue", {"Continue", "Dalej", "Continuar", "متابعة", "继续"}},
    [PHRASE_PAUSED] = {"paused", {"Paused", "Przerwa", "Pausa", "توقّف مؤقت", "已暂停"}},
    [PHRASE_PAUSED_HELP] =
        {"paused_help",
         {"The session waits for you. Press Enter to go on.\n\nTo end the session here, press Q.",
          "Badanie czeka. Aby kontynuować, proszę nacisnąć Enter.\n\nAby zakończyć badanie w tym miejscu, proszę "
          "nacisnąć Q.",
          "La sesión espera. Pulse Intro (Enter) para continuar.\n\nPara terminar aquí la sesión, pulse Q.",
          "الجلسة بانتظارك. اضغط على Enter للمتابعة.\n\nلإنهاء الجلسة هنا اضغط على Q.",
          "实验正在等待您。请按 Enter 键继续。\n\n如要在此结束实验，请按 Q 键。"}},
    [PHRASE_QUIT] = {"quit",
                     {"End this session?", "Zakończyć badanie?", "¿Terminar la sesión?", "هل تريد إنهاء الجلسة؟",
                      "要结束本次实验吗？"}},
    [PHRASE_QUIT_HELP] =
        {"quit_help",
         {"Everything that was confirmed is saved, and the session can be resumed.\n\nPress Y to end it, any other key "
          "to go back.",
          "Wszystkie zatwierdzone odpowiedzi są zapisane, a badanie można później wznowić.\n\nAby zakończyć, proszę "
          "nacisnąć Y; każdy inny klawisz wraca.",
          "Todo lo confirmado está guardado y la sesión se puede reanudar.\n\nPulse Y para terminar, o cualquier otra "
          "tecla para volver.",
          "كل ما تم تأكيده محفوظ، ويمكن استئناف الجلسة لاحقًا.\n\nاضغط على Y لإنهائها، أو على أي مفتاح آخر للرجوع.",
          "已确认的回答都已保存，实验以后可以继续。\n\n按 Y 键结束，按其他任意键返回。"}},
    [PHRASE_RESUMED] = {"resumed",
                        {"Welcome back", "Witamy ponownie", "Le damos de nuevo la bienvenida", "مرحبًا بعودتك",
                         "欢迎回来"}},
    [PHRASE_RESUMED_HELP] = {"resumed_help",
                             {"The session goes on where it stopped.",
                              "Badanie będzie kontynuowane od miejsca, w którym zostało przerwane.",
                              "La sesión continúa donde se detuvo.", "تُستأنف الجلسة من حيث توقفت.",
                              "实验将从中断处继续。"}},
    [PHRASE_RESUME] = {"resume",
                       {"An earlier session of this participant is unfinished.",
                        "Wcześniejsze badanie tej osoby nie zostało ukończone.",
                        "Una sesión anterior de este participante quedó sin terminar.",
                        "لهذا المشارك جلسة سابقة لم تكتمل.", "该参与者有一次未完成的实验。"}},
    [PHRASE_RESUME_YES] = {"resume_yes",
                           {"Resume it where it stopped", "Wznowić od miejsca przerwania", "Reanudarla donde se detuvo",
                            "استئنافها من حيث توقفت", "从中断处继续"}},
    [PHRASE_RESUME_NO] = {"resume_no",
                          {"Start a new run from the beginning", "Rozpocząć nowe badanie od początku",
                           "Empezar una nueva desde el principio", "بدء جلسة جديدة من البداية", "从头开始新的一次"}},
    [PHRASE_AGREE] = {"agree",
                      {"I agree to take part", "Zgadzam się wziąć udział", "Acepto participar", "أوافق على المشاركة",
                       "我同意参加"}},
    [PHRASE_DECLINE] = {"decline", {"I do not agree", "Nie zgadzam się", "No acepto", "لا أوافق", "我不同意"}},
    [PHRASE_TOO_SLOW] = {"too_slow", {"Too slow", "Za wolno", "Demasiado lento", "بطيء جدًا", "太慢了"}},
};

const char *phrase_key(Phrase phrase) { return WORDS[phrase].key; }

const char *phrase_built_in(Phrase phrase, const char *locale) {
  gsize length = locale != NULL ? strcspn(locale, "_-.@") : 0;
  for (gsize i = 0; i < N_LANGUAGES; i++)
    if (length == strlen(LANGUAGES[i]) && strncmp(locale, LANGUAGES[i], length) == 0)
      return WORDS[phrase].words[i];
  return WORDS[phrase].words[ENGLISH];
}
