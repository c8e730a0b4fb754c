import { layout } from './layout'

/** Spanish, Italian and Portuguese speaking countries. */

export const es = layout('es', 'Spanish', [
  ["º 1 2 3 4 5 6 7 8 9 0 ' ¡", 'ª ! " · $ % & / ( ) = ? ¿', '\\ | @ # ~ ▫ ¬'],
  ['q w e r t y u i o p ◌̀ +', 'Q W E R T Y U I O P ◌̂ *', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ [ ]'],
  ['a s d f g h j k l ñ ◌́ ç', 'A S D F G H J K L Ñ ◌̈ Ç', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ { }'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _'],
])

export const latam = layout('latam', 'Spanish (Latin America)', [
  ["| 1 2 3 4 5 6 7 8 9 0 ' ¿", '° ! " # $ % & / ( ) = ? ¡', '¬ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ \\'],
  ['q w e r t y u i o p ◌́ +', 'Q W E R T Y U I O P ◌̈ *', '@ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ~'],
  ['a s d f g h j k l ñ { }', 'A S D F G H J K L Ñ [ ]', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ◌̂ ◌̀'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _'],
])

export const it = layout('it', 'Italian', [
  ["\\ 1 2 3 4 5 6 7 8 9 0 ' ì", '| ! " £ $ % & / ( ) = ? ^', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ` ~'],
  ['q w e r t y u i o p è +', 'Q W E R T Y U I O P é *', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ [ ]', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ { }'],
  ['a s d f g h j k l ò à ù', 'A S D F G H J K L ç ° §', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ @ #'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _'],
])

export const pt = layout('pt', 'Portuguese', [
  ["\\ 1 2 3 4 5 6 7 8 9 0 ' «", '| ! " # $ % & / ( ) = ? »', '▫ ▫ @ £ § ▫ ▫ { [ ] }'],
  ['q w e r t y u i o p + ◌́', 'Q W E R T Y U I O P * ◌̀', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ ◌̈'],
  ['a s d f g h j k l ç º ◌̃', 'A S D F G H J K L Ç ª ◌̂'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _'],
])

export const br = layout('br', 'Portuguese (Brazil)', [
  ["' 1 2 3 4 5 6 7 8 9 0 - =", '" ! @ # $ % ◌̈ & * ( ) _ +', '▫ ¹ ² ³ £ ¢ ¬ ▫ ▫ ▫ ▫ ▫ §'],
  ['q w e r t y u i o p ◌́ [', 'Q W E R T Y U I O P ◌̀ {', '▫ ▫ ° ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ª'],
  ['a s d f g h j k l ç ◌̃ ]', 'A S D F G H J K L Ç ◌̂ }', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ º'],
  ['\\ z x c v b n m , . ; /', '| Z X C V B N M < > : ?'],
])
