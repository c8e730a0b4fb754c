import { layout } from './layout'

/** English and French speaking countries. */

const usRows = [
  ['` 1 2 3 4 5 6 7 8 9 0 - =', '~ ! @ # $ % ^ & * ( ) _ +'],
  ['q w e r t y u i o p [ ]', 'Q W E R T Y U I O P { }'],
  ["a s d f g h j k l ; ' \\", 'A S D F G H J K L : " |'],
  ['▫ z x c v b n m , . /', '▫ Z X C V B N M < > ?'],
]

export const us = layout('us', 'English (US)', usRows)

export const gb = layout('gb', 'English (UK)', [
  ['` 1 2 3 4 5 6 7 8 9 0 - =', '¬ ! " £ $ % ^ & * ( ) _ +', '▫ ▫ ▫ ▫ €'],
  ['q w e r t y u i o p [ ]', 'Q W E R T Y U I O P { }'],
  ["a s d f g h j k l ; ' #", 'A S D F G H J K L : @ ~'],
  ['\\ z x c v b n m , . /', '| Z X C V B N M < > ?'],
])

export const fr = layout('fr', 'French', [
  ['² & é " \' ( - è _ ç à ) =', '▫ 1 2 3 4 5 6 7 8 9 0 ° +', '▫ ▫ ~ # { [ | ` \\ ^ @ ] }'],
  ['a z e r t y u i o p ◌̂ $', 'A Z E R T Y U I O P ◌̈ £', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ¤'],
  ['q s d f g h j k l m ù *', 'Q S D F G H J K L M % µ'],
  ['< w x c v b n , ; : !', '> W X C V B N ? . / §'],
])

export const be = layout('be', 'Belgian', [
  ['² & é " \' ( § è ! ç à ) -', '³ 1 2 3 4 5 6 7 8 9 0 ° _', '▫ | @ # ▫ ▫ ^ ▫ ▫ { }'],
  ['a z e r t y u i o p ◌̂ $', 'A Z E R T Y U I O P ◌̈ *', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ [ ]'],
  ['q s d f g h j k l m ù µ', 'Q S D F G H J K L M % £', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ◌́ ◌̀'],
  ['< w x c v b n , ; : =', '> W X C V B N ? . / +', '\\ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ◌̃'],
])

/** The US board with Polish letters on AltGr. */
export const pl = layout('pl', 'Polish', [
  usRows[0] ?? [],
  [...(usRows[1] ?? []), '▫ ▫ ę ▫ ▫ ▫ ▫ ▫ ó', '▫ ▫ Ę ▫ ▫ ▫ ▫ ▫ Ó'],
  [...(usRows[2] ?? []), 'ą ś ▫ ▫ ▫ ▫ ▫ ▫ ł', 'Ą Ś ▫ ▫ ▫ ▫ ▫ ▫ Ł'],
  [...(usRows[3] ?? []), '▫ ż ź ć ▫ ▫ ń', '▫ Ż Ź Ć ▫ ▫ Ń'],
])

/** Russian letters beside the US board, which writes what Russian keys do not. */
export const ru = layout('ru', 'Russian', usRows, [
  ['ё 1 2 3 4 5 6 7 8 9 0 - =', 'Ё ! " № ; % : ? * ( ) _ +'],
  ['й ц у к е н г ш щ з х ъ', 'Й Ц У К Е Н Г Ш Щ З Х Ъ'],
  ['ф ы в а п р о л д ж э \\', 'Ф Ы В А П Р О Л Д Ж Э /'],
  ['▫ я ч с м и т ь б ю .', '▫ Я Ч С М И Т Ь Б Ю ,'],
])
