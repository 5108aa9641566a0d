#include "protocols/phrases.h"

#include <glib.h>
#include <string.h>

enum { ENGLISH, POLISH, SPANISH, ARABIC, CHINESE, N_LANGUAGES };

static const char *const LANGUAGES[N_LANGUAGES + 1] = {"en", "pl", "es", "ar", "zh", NULL};

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
    [PHRASE_UNTRUSTED] = {"untrusted",
                          {"Times on this screen cannot be trusted", "Nie można ufać pomiarom czasu na tym ekranie",
                           "Los tiempos de esta pantalla no son fiables", "لا يمكن الوثوق بالأزمنة على هذه الشاشة",
                           "此屏幕上的时间不可信"}},
    [PHRASE_UNTRUSTED_HELP] = {"untrusted_help",
                               {"The data call every time of this session untrusted.",
                                "W danych każdy czas z tej sesji zostanie oznaczony jako niewiarygodny.",
                                "Los datos marcan todos los tiempos de esta sesión como no fiables.",
                                "ستُوسم جميع أزمنة هذه الجلسة في البيانات بأنها غير موثوقة.",
                                "数据中会将本次实验的所有时间标记为不可信。"}},
    [PHRASE_SOUND_LOST] = {"sound_lost",
                           {"The sound device is gone. Please call the person in charge.",
                            "Urządzenie dźwiękowe przestało działać. Proszę zawołać osobę prowadzącą badanie.",
                            "El dispositivo de sonido no responde. Avise a la persona responsable.",
                            "انقطع جهاز الصوت. يرجى استدعاء المسؤول عن الجلسة.", "声音设备已断开。请通知实验人员。"}},
    [PHRASE_REHEARSAL] =
        {"rehearsal",
         {"This is a rehearsal. Trials of each block, at most: {trials}. Its answers are not kept with "
          "the study's data.",
          "To jest próba generalna. Liczba prób w każdym bloku, najwyżej: {trials}. Odpowiedzi nie "
          "trafią do danych badania.",
          "Esto es un ensayo general. Número de pruebas por bloque, como máximo: {trials}. Las "
          "respuestas no se guardan con los datos del estudio.",
          "هذه جلسة تجريبية. الحد الأقصى لعدد المحاولات في كل قسم: {trials}. لا تُحفظ الإجابات مع "
          "بيانات الدراسة.",
          "这是一次预演。每组试次数最多为：{trials}。回答不会与研究数据一起保存。"}},
    [PHRASE_REHEARSAL_BEGIN] = {"rehearsal_begin",
                                {"Begin the rehearsal", "Rozpocząć próbę", "Empezar el ensayo", "بدء الجلسة التجريبية",
                                 "开始预演"}},
    [PHRASE_START_PARTICIPANT] = {"start_participant",
                                  {"Label of the participant (letters and digits)",
                                   "Oznaczenie osoby badanej (litery i cyfry)",
                                   "Identificador del participante (letras y cifras)",
                                   "رمز المشارك (حروف لاتينية وأرقام)", "参与者编号（字母和数字）"}},
    [PHRASE_START_SESSION] = {"start_session",
                              {"Label of the session, or nothing where there is only one",
                               "Oznaczenie sesji; puste, jeśli jest tylko jedna",
                               "Identificador de la sesión; vacío si solo hay una",
                               "رمز الجلسة، أو اتركه فارغًا إذا كانت هناك جلسة واحدة فقط",
                               "本次实验的编号；如果只有一次，请留空"}},
    [PHRASE_START_DATA] = {"start_data",
                           {"Data folder", "Folder danych", "Carpeta de datos", "مجلد البيانات", "数据文件夹"}},
    [PHRASE_START_LANGUAGE] = {"start_language",
                               {"Language of the session", "Język sesji", "Idioma de la sesión", "لغة الجلسة",
                                "实验所用语言"}},
    [PHRASE_START_UNTRANSLATED] = {"start_untranslated",
                                   {"As written in the protocol, untranslated", "Tak jak w protokole, bez tłumaczenia",
                                    "Tal como está en el protocolo, sin traducir",
                                    "كما هي مكتوبة في البروتوكول، دون ترجمة", "按方案原文，不翻译"}},
    [PHRASE_START_SCREEN] = {"start_screen",
                             {"Screen of the session", "Ekran, na którym odbędzie się sesja", "Pantalla de la sesión",
                              "شاشة الجلسة", "实验所用屏幕"}},
    [PHRASE_START_BAD_LABEL] =
        {"start_bad_label",
         {"This cannot be a label: 1 to 32 letters (A–Z, a–z) and digits are needed.",
          "To nie może być oznaczenie: potrzeba od 1 do 32 liter (A–Z, a–z) i cyfr.",
          "Esto no puede ser un identificador: se necesitan de 1 a 32 letras (A–Z, a–z) y cifras.",
          "لا يصلح هذا رمزًا: يلزم من 1 إلى 32 حرفًا لاتينيًا (A–Z، a–z) أو رقمًا.",
          "这不能作为编号：需要 1 到 32 个字母（A–Z、a–z）和数字。"}},
    [PHRASE_START_BAD_FOLDER] = {"start_bad_folder",
                                 {"This folder cannot be used.", "Tego folderu nie można użyć.",
                                  "No se puede usar esta carpeta.", "لا يمكن استخدام هذا المجلد.",
                                  "无法使用此文件夹。"}},
    [PHRASE_START_REVIEW] =
        {"start_review",
         {"Participant: {participant}\nSession: {session}\nData folder: {data}\nLanguage: {language}\nScreen: {screen}",
          "Osoba badana: {participant}\nSesja: {session}\nFolder danych: {data}\nJęzyk: {language}\nEkran: {screen}",
          "Participante: {participant}\nSesión: {session}\nCarpeta de datos: {data}\nIdioma: {language}\nPantalla: "
          "{screen}",
          "المشارك: {participant}\nالجلسة: {session}\nمجلد البيانات: {data}\nاللغة: {language}\nالشاشة: {screen}",
          "参与者：{participant}\n实验编号：{session}\n数据文件夹：{data}\n语言：{language}\n屏幕：{screen}"}},
    [PHRASE_START_YES] = {"start_yes",
                          {"Start the session", "Rozpocząć sesję", "Empezar la sesión", "بدء الجلسة", "开始实验"}},
    [PHRASE_START_AGAIN] = {"start_again",
                            {"Ask again", "Zapytać ponownie", "Preguntar de nuevo", "السؤال من جديد", "重新填写"}},
    [PHRASE_FOCUS_LOST] = {"focus_lost",
                           {"Another window took the keyboard.", "Klawiaturę przejęło inne okno.",
                            "Otra ventana ha tomado el teclado.", "انتقلت لوحة المفاتيح إلى نافذة أخرى.",
                            "键盘已被另一个窗口占用。"}},
    [PHRASE_DISPLAY_LOST] = {"display_lost",
                             {"A screen was unplugged.", "Odłączono ekran.", "Se ha desconectado una pantalla.",
                              "تم فصل إحدى الشاشات.", "有一台显示器断开了连接。"}},
    [PHRASE_FAILED] = {"failed",
                       {"The session had to stop", "Badanie musiało zostać przerwane",
                        "La sesión ha tenido que detenerse", "توقفت الجلسة بسبب عطل", "实验不得不停止"}},
    [PHRASE_FAILED_HELP] =
        {"failed_help",
         {"Something went wrong with the computer, and it is not your fault. Everything confirmed until then is saved; "
          "the last answer may be asked for again. Please call the person in charge.\n\nFor the person in charge: once "
          "the cause is mended, the same command with --resume goes on from here.",
          "Wystąpił błąd komputera, nie z Państwa winy. Wszystkie zatwierdzone wcześniej odpowiedzi są "
          "zapisane; ostatnie pytanie może się powtórzyć. Proszę zawołać osobę prowadzącą badanie.\n\nDla osoby "
          "prowadzącej: po usunięciu przyczyny to samo polecenie z opcją --resume wznowi badanie od tego miejsca.",
          "Ha fallado el ordenador; no es culpa suya. Todo lo confirmado hasta ahora está guardado; es posible que se "
          "repita la última pregunta. Avise a la persona responsable.\n\nPara la persona responsable: una vez resuelta "
          "la causa, la misma orden con --resume continúa desde aquí.",
          "حدث عطل في الحاسوب وليس لك ذنب فيه. كل ما تم تأكيده حتى الآن محفوظ، وقد يُعاد السؤال الأخير. يرجى استدعاء "
          "المسؤول عن الجلسة.\n\nللمسؤول: بعد معالجة السبب، يستأنف الأمر نفسه مع \u2066--resume\u2069 الجلسة من هنا.",
          "计算机出现了故障，这不是您的问题。之前确认的回答都已保存；最后一个问题可能会再问一次。请通知实验人员。\n\n"
          "致实验人员：排除原因后，用同一命令加上 --resume 即可从此处继续。"}},
};

const char *phrase_key(Phrase phrase) { return WORDS[phrase].key; }

const char *const *phrase_languages(void) { return LANGUAGES; }

const char *phrase_built_in(Phrase phrase, const char *locale) {
  gsize length = locale != NULL ? strcspn(locale, "_-.@") : 0;
  for (gsize i = 0; i < N_LANGUAGES; i++)
    if (length == strlen(LANGUAGES[i]) && strncmp(locale, LANGUAGES[i], length) == 0)
      return WORDS[phrase].words[i];
  return WORDS[phrase].words[ENGLISH];
}

#define ISOLATE "\xe2\x81\xa8" /* U+2068, first strong isolate */
#define RELEASE "\xe2\x81\xa9" /* U+2069, pop directional isolate */

/* The value of the name that `words` has in braces, and how long that is with them; NULL: none. */
static const char *value_at(const char *words, const char *const *pairs, gsize *length) {
  for (gsize i = 0; *words == '{' && pairs[i] != NULL; i += 2) {
    gsize n = strlen(pairs[i]);
    if (strncmp(words + 1, pairs[i], n) == 0 && words[1 + n] == '}') {
      *length = n + 2;
      return pairs[i + 1];
    }
  }
  return NULL;
}

char *phrase_fill(const char *words, const char *const *pairs) {
  GString *text = g_string_new(NULL);
  while (*words != '\0') {
    gsize length = 0;
    const char *value = value_at(words, pairs, &length);
    if (value == NULL)
      g_string_append_c(text, *words++);
    else
      g_string_append_printf(text, ISOLATE "%s" RELEASE, value);
    words += length;
  }
  return g_string_free(text, FALSE);
}
